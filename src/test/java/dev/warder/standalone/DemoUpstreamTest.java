package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stand-in, over the wire. */
class DemoUpstreamTest {
    private static final String KEY = "demo_" + "k".repeat(32);
    private static final String SENTENCE = "Grüße an alle, die hier 🎈 mitlesen.";

    /** The member with the text, by the type of a delta. */
    private static final Map<String, String> DELTAS = Map.of(
            "text_delta", "text",
            "thinking_delta", "thinking",
            "signature_delta", "signature",
            "input_json_delta", "partial_json");

    private final DemoUpstream demo = new DemoUpstream(KEY, new SecureRandom(), Duration.ofMillis(1));

    @BeforeEach
    void start() throws Exception {
        demo.start();
    }

    @AfterEach
    void stop() throws Exception {
        demo.stop();
    }

    @Test
    void echoesTheLastTextInAtLeastTenDeltas() throws Exception {
        var events = events(SENTENCE);
        assertThat(deltas(events, "text_delta")).hasSizeGreaterThanOrEqualTo(10);
        assertThat(joined(events, "text_delta")).isEqualTo(SENTENCE);
        assertThat(events.stream().map(event -> event.getString("type")).distinct())
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
    }

    @Test
    void givesShortTextsTenDeltasToo() throws Exception {
        var events = events("a");
        assertThat(deltas(events, "text_delta")).hasSize(10);
        assertThat(joined(events, "text_delta")).endsWith("a");
    }

    @Test
    void countsUsageAtTheStartAndTheEnd() throws Exception {
        var events = events(SENTENCE);
        var message = events.get(0).getJsonObject("message");
        assertThat(message.getJsonArray("content")).isEmpty();
        assertThat(message.getString("model")).isEqualTo("claude-sonnet-5-5");
        assertThat(message.getJsonObject("usage").getInt("input_tokens")).isPositive();
        assertThat(stopReason(events)).isEqualTo("end_turn");
        var end = events.get(events.size() - 2);
        assertThat(end.getJsonObject("usage").getInt("output_tokens")).isGreaterThanOrEqualTo(10);
    }

    @Test
    void thinksFirstWhenAsked() throws Exception {
        var events = events("[[thinking]] about it");
        assertThat(events.get(2).getJsonObject("content_block").getString("type"))
                .isEqualTo("thinking");
        assertThat(joined(events, "thinking_delta")).isNotEmpty();
        assertThat(deltas(events, "signature_delta")).singleElement().asString().isNotEmpty();
        assertThat(joined(events, "text_delta")).isEqualTo("[[thinking]] about it");
    }

    @Test
    void usesTheFirstToolWhenAsked() throws Exception {
        String tools = "\"tools\":[{\"name\":\"look_up\",\"input_schema\":{\"type\":\"object\"}}],";
        var events = parse(post(request("\"[[tool]] please\"", true).replace("\"max", tools + "\"max")));
        assertThat(events)
                .filteredOn(event -> event.getString("type").equals("content_block_start"))
                .extracting(event -> event.getJsonObject("content_block"))
                .filteredOn(block -> block.getString("type").equals("tool_use"))
                .first()
                .satisfies(block -> assertThat(block.getString("name")).isEqualTo("look_up"));
        assertThat(deltas(events, "input_json_delta")).hasSizeGreaterThan(2);
        assertThat(json(joined(events, "input_json_delta")).getString("text")).isEqualTo("[[tool]] please");
        assertThat(stopReason(events)).isEqualTo("tool_use");
    }

    @Test
    void answersAToolResultWithText() throws Exception {
        String content = "[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"[[tool]] says 42 to this\"}]";
        var events = parse(post(request(content, true)));
        assertThat(joined(events, "text_delta")).isEqualTo("[[tool]] says 42 to this");
        assertThat(deltas(events, "input_json_delta")).isEmpty();
    }

    @Test
    void breaksInMidStreamWhenAsked() throws Exception {
        var events = events("[[error mid]] of these many words");
        var last = events.get(events.size() - 1);
        assertThat(last.getString("type")).isEqualTo("error");
        assertThat(last.getJsonObject("error").getString("type")).isEqualTo("overloaded_error");
        assertThat(events)
                .extracting(event -> event.getString("type"))
                .contains("content_block_delta")
                .doesNotContain("message_stop");
    }

    @Test
    void answersWholeWithoutStream() throws Exception {
        var response = post(request("\"[[thinking]] [[tool]] x\"", false));
        assertThat(response.status()).isEqualTo(200);
        var message = json(response.text());
        assertThat(message.getString("type")).isEqualTo("message");
        assertThat(message.getString("stop_reason")).isEqualTo("tool_use");
        assertThat(message.getJsonArray("content").getValuesAs(JsonObject.class))
                .extracting(block -> block.getString("type"))
                .containsExactly("thinking", "text", "tool_use");
    }

    @Test
    void looksAtTheLastTextBlockOfTheUser() throws Exception {
        String content =
                "[{\"type\":\"text\",\"text\":\"[[error 500]]\"},{\"type\":\"text\",\"text\":\"the last of all\"}]},"
                        + "{\"role\":\"system\",\"content\":\"[[error 500]]\"";
        var message = json(post(request(content, false)).text());
        assertThat(message.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("the last of all");
    }

    @ParameterizedTest
    @CsvSource({"429,rate_limit_error", "500,api_error", "529,overloaded_error"})
    void failsAsAsked(int status, String type) throws Exception {
        var response = post(request("\"[[error " + status + "]]\"", true));
        assertError(response, status, type);
        assertThat(response.fields().has("retry-after")).isEqualTo(status == 429);
    }

    @Test
    void takesOnlyItsKeyAndNeedsAVersion() throws Exception {
        var models = "/v1/models";
        var wrong = RawRequest.of("GET", models).field("x-api-key", "other").field("anthropic-version", "2023-06-01");
        assertError(send(wrong), 401, "authentication_error");
        var bearer = send(RawRequest.of("GET", models)
                .field("authorization", "Bearer " + KEY)
                .field("anthropic-version", "2023-06-01"));
        assertThat(bearer.status()).isEqualTo(401);
        assertThat(bearer.text()).contains("x-api-key header is required");
        var unversioned = send(RawRequest.of("GET", models).field("x-api-key", KEY));
        assertThat(unversioned.status()).isEqualTo(400);
        assertThat(unversioned.text()).contains("anthropic-version: header is required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"messages\":[{}],\"max_tokens\":1}",
                "{\"model\":\"m\",\"messages\":[],\"max_tokens\":1}",
                "{\"model\":\"m\",\"messages\":[{}]}",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":1}{}"
            })
    void refusesWhatIsNoRequest(String body) throws Exception {
        assertError(post(body), 400, "invalid_request_error");
    }

    @Test
    void answersWhateverIsNested() throws Exception {
        assertThat(post("[".repeat(5000)).status()).isEqualTo(400);
    }

    @Test
    void countsTokens() throws Exception {
        int little = count("one");
        assertThat(little).isPositive();
        assertThat(count("one and another two hundred")).isGreaterThan(little);
    }

    @Test
    void listsModelsAndKnowsEach() throws Exception {
        var list = json(send(known("GET", "/v1/models?limit=1000")).text());
        assertThat(list.getJsonArray("data").getValuesAs(JsonObject.class))
                .extracting(model -> model.getString("id"))
                .contains("claude-sonnet-5-5");
        var one = send(known("GET", "/v1/models/claude-sonnet-5-5"));
        assertThat(json(one.text()).getString("type")).isEqualTo("model");
        assertThat(send(known("GET", "/v1/models/other")).status()).isEqualTo(404);
    }

    @Test
    void saysHelloWithoutAKey() throws Exception {
        assertThat(send(RawRequest.of("HEAD", "/api/hello")).status()).isEqualTo(200);
    }

    @Test
    void refusesAMalformedHeadInTheShapeOfTheApi() throws Exception {
        var response = send(RawRequest.bare("GET", "/v1/models"));
        assertThat(response.status()).isEqualTo(400);
        assertThat(json(response.text()).getJsonObject("error").getString("type"))
                .isEqualTo("invalid_request_error");
    }

    @Test
    void servesNothingElse() throws Exception {
        assertError(send(known("GET", "/v1/files")), 404, "not_found_error");
        assertThat(send(known("GET", "/v1/messages")).status()).isEqualTo(405);
    }

    private RawResponse send(RawRequest request) throws IOException {
        return RawClient.exchange(demo.url(), request);
    }

    private static RawRequest known(String method, String path) {
        return RawRequest.of(method, path).field("x-api-key", KEY).field("anthropic-version", "2023-06-01");
    }

    private RawResponse post(String body) throws IOException {
        return send(known("POST", "/v1/messages").json(body));
    }

    /** A message of the user with this content, as JSON. */
    private static String request(String content, boolean stream) {
        return "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]}";
    }

    private int count(String text) throws IOException {
        var body = request("\"" + text + "\"", false).replaceFirst(",\"max_tokens\":9", "");
        return json(send(known("POST", "/v1/messages/count_tokens").json(body)).text())
                .getInt("input_tokens");
    }

    private List<JsonObject> events(String text) throws IOException {
        return parse(post(request("\"" + text + "\"", true)));
    }

    private static List<JsonObject> parse(RawResponse response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.fields().values("content-type")).containsExactly("text/event-stream; charset=utf-8");
        assertThat(response.fields().has("request-id")).isTrue();
        return Arrays.stream(response.text().split("\n\n"))
                .map(DemoUpstreamTest::event)
                .toList();
    }

    private static JsonObject event(String text) {
        String[] lines = text.split("\n");
        assertThat(lines).hasSize(2);
        var data = json(lines[1].substring("data: ".length()));
        assertThat(lines[0]).isEqualTo("event: " + data.getString("type"));
        return data;
    }

    private static List<String> deltas(List<JsonObject> events, String type) {
        return events.stream()
                .filter(event -> event.containsKey("delta"))
                .map(event -> event.getJsonObject("delta"))
                .filter(delta -> delta.getString("type", "").equals(type))
                .map(delta -> delta.getString(DELTAS.get(type)))
                .toList();
    }

    private static String joined(List<JsonObject> events, String type) {
        return String.join("", deltas(events, type));
    }

    private static String stopReason(List<JsonObject> events) {
        return events.get(events.size() - 2).getJsonObject("delta").getString("stop_reason");
    }

    private static void assertError(RawResponse response, int status, String type) {
        assertThat(response.status()).isEqualTo(status);
        var body = json(response.text());
        assertThat(body.getString("type")).isEqualTo("error");
        assertThat(body.getJsonObject("error").getString("type")).isEqualTo(type);
        assertThat(response.fields().values("request-id")).containsExactly(body.getString("request_id"));
    }

    private static JsonObject json(String text) {
        return JsonTree.parseObject(text).orElseThrow();
    }
}
