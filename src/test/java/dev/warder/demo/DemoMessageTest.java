package dev.warder.demo;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The messages of the stand-in, over the wire. */
class DemoMessageTest extends DemoRunning {
    private static final String SENTENCE = "Grüße an alle, die hier 🎈 mitlesen.";

    DemoMessageTest() {
        super(new SecureRandom());
    }

    @Test
    void echoesTheLastTextInAtLeastTenDeltas() throws Exception {
        List<JsonObject> events = client().events(SENTENCE);
        List<String> pieces = DemoClient.deltas(events, "text_delta", "text");
        assertThat(pieces).hasSizeGreaterThanOrEqualTo(10);
        assertThat(String.join("", pieces)).isEqualTo(SENTENCE);
        assertThat(DemoClient.types(events).stream().distinct())
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
        assertThat(DemoClient.deltas(client().events("a"), "text_delta", "text"))
                .hasSize(10);
        assertThat(String.join("", DemoClient.deltas(client().events("a"), "text_delta", "text")))
                .endsWith("a");
    }

    @Test
    void countsUsageAtTheStartAndTheEnd() throws Exception {
        List<JsonObject> events = client().events(SENTENCE);
        JsonObject message = events.get(0).getJsonObject("message");
        assertThat(message.getJsonArray("content")).isEmpty();
        assertThat(message.getString("model")).isEqualTo("claude-sonnet-5-5");
        assertThat(message.getJsonObject("usage").getInt("input_tokens")).isPositive();
        JsonObject end = events.get(events.size() - 2);
        assertThat(end.getJsonObject("delta").getString("stop_reason")).isEqualTo("end_turn");
        assertThat(end.getJsonObject("usage").getInt("output_tokens")).isGreaterThanOrEqualTo(10);
    }

    @Test
    void thinksFirstWhenAsked() throws Exception {
        List<JsonObject> events = client().events("[[thinking]] about it");
        assertThat(events.get(2).getJsonObject("content_block").getString("type"))
                .isEqualTo("thinking");
        assertThat(String.join("", DemoClient.deltas(events, "thinking_delta", "thinking")))
                .isNotEmpty();
        assertThat(DemoClient.deltas(events, "signature_delta", "signature"))
                .singleElement()
                .asString()
                .isNotEmpty();
        assertThat(String.join("", DemoClient.deltas(events, "text_delta", "text")))
                .isEqualTo("[[thinking]] about it");
    }

    @Test
    void usesTheFirstToolWhenAsked() throws Exception {
        String tools = "\"tools\":[{\"name\":\"look_up\",\"input_schema\":{\"type\":\"object\"}}],";
        List<JsonObject> events = DemoClient.parse(
                client().post(DemoClient.request("[[tool]] please", true).replace("\"max", tools + "\"max")));
        JsonObject block = events.stream()
                .filter(event -> event.getString("type").equals("content_block_start"))
                .map(event -> event.getJsonObject("content_block"))
                .filter(start -> start.getString("type").equals("tool_use"))
                .findFirst()
                .orElseThrow();
        assertThat(block.getString("name")).isEqualTo("look_up");
        List<String> parts = DemoClient.deltas(events, "input_json_delta", "partial_json");
        assertThat(parts).hasSizeGreaterThan(2);
        assertThat(DemoClient.json(String.join("", parts)).getString("text")).isEqualTo("[[tool]] please");
        assertThat(events.get(events.size() - 2).getJsonObject("delta").getString("stop_reason"))
                .isEqualTo("tool_use");
    }

    @Test
    void answersAToolResultWithText() throws Exception {
        String content = "[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"[[tool]] says 42 to this\"}]";
        List<JsonObject> events =
                DemoClient.parse(client().post(DemoClient.request("x", true).replace("\"x\"", content)));
        assertThat(String.join("", DemoClient.deltas(events, "text_delta", "text")))
                .isEqualTo("[[tool]] says 42 to this");
        assertThat(DemoClient.deltas(events, "input_json_delta", "partial_json"))
                .isEmpty();
    }

    @Test
    void breaksInMidStreamWhenAsked() throws Exception {
        List<JsonObject> events = client().events("[[error mid]] of these many words");
        JsonObject last = events.get(events.size() - 1);
        assertThat(last.getString("type")).isEqualTo("error");
        assertThat(last.getJsonObject("error").getString("type")).isEqualTo("overloaded_error");
        assertThat(DemoClient.types(events)).contains("content_block_delta").doesNotContain("message_stop");
    }

    @Test
    void answersWholeWithoutStream() throws Exception {
        HttpResponse<String> response = client().post(DemoClient.request("[[thinking]] [[tool]] x", false));
        assertThat(response.statusCode()).isEqualTo(200);
        JsonObject message = DemoClient.json(response.body());
        assertThat(message.getString("type")).isEqualTo("message");
        assertThat(message.getString("stop_reason")).isEqualTo("tool_use");
        JsonArray content = message.getJsonArray("content");
        assertThat(content.getValuesAs(JsonObject.class))
                .extracting(block -> block.getString("type"))
                .containsExactly("thinking", "text", "tool_use");
    }

    @Test
    void looksAtTheLastTextBlockOfTheUser() throws Exception {
        String content =
                "[{\"type\":\"text\",\"text\":\"[[error 500]]\"},{\"type\":\"text\",\"text\":\"the last of all\"}]},"
                        + "{\"role\":\"system\",\"content\":\"[[error 500]]\"";
        HttpResponse<String> response =
                client().post(DemoClient.request("x", false).replace("\"x\"", content));
        assertThat(DemoClient.json(response.body())
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getString("text"))
                .isEqualTo("the last of all");
    }
}
