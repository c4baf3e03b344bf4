package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Script;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;

/** What programs with clients of OpenAI's API go through with Warder, and what the API behind it gets to see of that. */
@Tag("client")
abstract class OpenAiGround extends ClientContract {
    /** What the programs call the model. */
    static final String ALIAS = "gpt-test";

    /** The type into which a structured response is read. */
    public record Person(String name, int born) {}

    static final ApiMessage GREETING = ApiMessage.said(
            ApiBlock.thinking("A greeting, so I greet."), ApiBlock.text("Good ", "day, Z", "ürich \uD83C\uDF27."));
    static final String GREETING_TEXT = "Good day, Zürich \uD83C\uDF27.";

    /** The pieces of the first input are cut inside an escape. */
    static final ApiMessage TWO_CALLS = ApiMessage.asked(
            ApiBlock.thinking("Both places."),
            ApiBlock.text("I shall look."),
            ApiBlock.toolUse("toolu_01zurich", "weather", "{\"city\": \"Z\\u00", "fcrich\"}"),
            ApiBlock.toolUse("toolu_01bern", "weather", "{\"city\":", " \"Bern\"}"));

    static final ApiMessage ONE_CALL = ApiMessage.asked(ApiBlock.toolUse("toolu_01clock", "clock"));
    static final ApiMessage REPORT = ApiMessage.said(ApiBlock.text("At noon: rain in Zürich, sun in Bern."));
    static final String REPORT_TEXT = "At noon: rain in Zürich, sun in Bern.";

    static final ApiMessage PERSON = ApiMessage.said(ApiBlock.text("{\"name\":", "\"Ada\",\"born\":18", "15}"));

    static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    static final String PICTURE = "https://pictures.example/rain.jpg";
    static final String PDF = "JVBERi0xLjQKJSVFT0YK";

    @Override
    Deployment deployment() {
        return ground.usual().with("openai.models", ALIAS + "=" + ApiMessage.MODEL);
    }

    /** The base address as OpenAI's clients want it. */
    final String address() {
        return container.baseUri() + "/openai/v1";
    }

    /** The next request that came upstream. */
    final SentMessage sent() throws InterruptedException {
        return SentMessage.of(upstream.take());
    }

    /** The answer to a city that its weather tool gives. */
    static String weatherIn(String city) {
        return city.equals("Bern") ? "Sun, 9 °C." : "Rain, 7 °C.";
    }

    /** Answers, turn after turn, so that a program has to use tools twice, the first time two at once. */
    final void scriptToolTurns() {
        next(TWO_CALLS.whole(), ONE_CALL.whole(), REPORT.whole());
    }

    /** The same as streams. */
    final void scriptStreamedToolTurns() {
        next(TWO_CALLS.streamed(), ONE_CALL.streamed(), REPORT.streamed());
    }

    /** Every turn came upstream, each with all that was said and done before it. */
    final void checkToolTurns() throws InterruptedException {
        var first = sent();
        assertThat(first.json().getJsonArray("messages")).hasSize(1);
        assertThat(first.last().toString()).contains("What is the weather?");
        assertThat(first.body().tools().orElseThrow())
                .extracting(tool -> tool.asTool().name())
                .containsExactlyInAnyOrder("weather", "clock");
        assertThat(first.json().getJsonArray("tools").toString()).contains("\"city\":{");
        var second = sent();
        assertThat(second.json().getJsonArray("messages")).hasSize(3);
        assertThat(second.blocks(1)).containsExactly(block(TWO_CALLS, 1), block(TWO_CALLS, 2), block(TWO_CALLS, 3));
        checkResults(second, "toolu_01zurich", "Rain, 7 °C.", "toolu_01bern", "Sun, 9 °C.");
        var third = sent();
        assertThat(third.json().getJsonArray("messages")).hasSize(5);
        assertThat(third.blocks(3)).containsExactly(block(ONE_CALL, 0));
        checkResults(third, "toolu_01clock", "noon");
        assertThat(upstream.requests()).hasSize(3);
    }

    /** Every turn came upstream, each with all that was thought, said and done before it. */
    final void checkToolsAndThinking() throws InterruptedException {
        assertThat(sent().json().getJsonArray("messages")).hasSize(1);
        var second = sent();
        assertThat(second.json().getJsonArray("messages")).hasSize(3);
        assertThat(second.blocks(1)).containsExactlyElementsOf(blocks(TWO_CALLS));
        checkResults(second, "toolu_01zurich", "Rain, 7 °C.", "toolu_01bern", "Sun, 9 °C.");
        var third = sent();
        assertThat(third.json().getJsonArray("messages")).hasSize(5);
        assertThat(third.blocks(1)).containsExactlyElementsOf(blocks(TWO_CALLS));
        assertThat(third.blocks(3)).containsExactlyElementsOf(blocks(ONE_CALL));
        checkResults(third, "toolu_01clock", "noon");
        assertThat(upstream.requests()).hasSize(3);
    }

    /** The last message has these results of calls: ids and parts of their texts, in turn. */
    private static void checkResults(SentMessage sent, String... idsAndTexts) {
        assertThat(sent.last().getString("role")).isEqualTo("user");
        assertThat(sent.blocks()).hasSize(idsAndTexts.length / 2);
        for (int at = 0; at < idsAndTexts.length; at += 2) {
            var result = sent.blocks().get(at / 2);
            assertThat(result.getString("type")).isEqualTo("tool_result");
            assertThat(result.getString("tool_use_id")).isEqualTo(idsAndTexts[at]);
            assertThat(String.valueOf(result.get("content"))).contains(idsAndTexts[at + 1]);
        }
    }

    private static List<JsonObject> blocks(ApiMessage message) {
        return message.content().stream().map(ApiBlock::whole).toList();
    }

    private static JsonObject block(ApiMessage message, int index) {
        return message.content().get(index).whole();
    }

    /** The last message that came upstream shows a picture of its own, one elsewhere and a document, in this order. */
    final void checkSight() throws InterruptedException {
        var shown = sent().blocks().stream()
                .filter(block -> !block.getString("type").equals("text"))
                .toList();
        assertThat(shown).hasSize(3);
        assertThat(shown.get(0).getJsonObject("source"))
                .isEqualTo(Answers.json(
                        "{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"%s\"}".formatted(PNG)));
        assertThat(shown.get(1).getJsonObject("source"))
                .isEqualTo(Answers.json("{\"type\":\"url\",\"url\":\"%s\"}".formatted(PICTURE)));
        assertThat(shown.get(2).getString("type")).isEqualTo("document");
        assertThat(shown.get(2).getJsonObject("source"))
                .isEqualTo(Answers.json(
                        "{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"%s\"}".formatted(PDF)));
    }

    /** The model was asked for a person in JSON, by a schema that is closed as the API wants it. */
    final void checkPersonAsked() throws InterruptedException {
        var sent = sent();
        assertThat(sent.body().outputConfig().orElseThrow().format()).isPresent();
        var format = sent.json().getJsonObject("output_config").getJsonObject("format");
        assertThat(format.getString("type")).isEqualTo("json_schema");
        var schema = format.getJsonObject("schema");
        assertThat(schema.getJsonObject("properties").keySet()).containsExactlyInAnyOrder("name", "born");
        assertThat(schema.getBoolean("additionalProperties")).isFalse();
    }

    /** A greeting whose first event comes alone, and all others byte by byte once it was read. */
    static Script pieceByPiece(CountDownLatch firstRead) {
        return (request, reply) -> {
            var events = GREETING.events();
            reply.events(events.get(0));
            reply.await(firstRead);
            for (var event : events.subList(1, events.size())) {
                reply.dribbleChunks(utf8(event));
            }
            reply.lastChunk();
        };
    }

    /** The API has one model. */
    final void scriptModels() {
        var model = SdkAnswers.MODEL.replace("claude-opus-5-5", ApiMessage.MODEL);
        upstream.on("/v1/models", json(200, SdkAnswers.list(model, ApiMessage.MODEL)));
        upstream.on("/v1/models/" + ApiMessage.MODEL, json(200, model));
    }
}
