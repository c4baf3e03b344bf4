package dev.warder.demo;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

/** The documents of the stand-in byte for byte: which members, in which order, and null where the API writes null. */
class DemoBytesTest extends DemoRunning {
    private static final String PROMPT = "[[thinking]] [[tool]] \\\"ü\\u0001/🎈\\\"";

    DemoBytesTest() {
        super(() -> 10L);
    }

    @Test
    void writesMessages() throws Exception {
        assertThat(client().post(DemoClient.request(PROMPT, false)).body())
                .isEqualTo(
                        """
                        {"id":"msg_000000000000000a","type":"message","role":"assistant","model":"claude-sonnet-5-5",\
                        "content":[{"type":"thinking","thinking":"The user wrote a line, and I am to send it back as it is.",\
                        "signature":"demo000000000000000a"},{"type":"text","text":"[[thinking]] [[tool]] \\"ü\\u0001/🎈\\""},\
                        {"type":"tool_use","id":"toolu_000000000000000a","name":"echo",\
                        "input":{"text":"[[thinking]] [[tool]] \\"ü\\u0001/🎈\\""}}],\
                        "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":18,\
                        "cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":32}}""");
    }

    /** The first event of each type, and of each type of block and delta. */
    @Test
    void writesEvents() throws Exception {
        var first = new LinkedHashMap<String, String>();
        for (var event : client().post(DemoClient.request(PROMPT, true)).body().split("\n\n")) {
            var data = DemoClient.event(event);
            var part = data.getOrDefault("content_block", data.getOrDefault("delta", JsonValue.EMPTY_JSON_OBJECT));
            first.putIfAbsent(
                    data.getString("type") + part.asJsonObject().getString("type", ""),
                    event.substring(event.indexOf("{")));
        }
        assertThat(String.join("\n", first.values()))
                .isEqualTo(
                        """
                        {"type":"message_start","message":{"id":"msg_000000000000000a","type":"message","role":"assistant",\
                        "model":"claude-sonnet-5-5","content":[],"stop_reason":null,"stop_sequence":null,\
                        "usage":{"input_tokens":18,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,\
                        "output_tokens":1}}}
                        {"type":"ping"}
                        {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
                        {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"The u"}}
                        {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta",\
                        "signature":"demo000000000000000a"}}
                        {"type":"content_block_stop","index":0}
                        {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
                        {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"[["}}
                        {"type":"content_block_start","index":2,"content_block":{"type":"tool_use",\
                        "id":"toolu_000000000000000a","name":"echo","input":{}}}
                        {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}
                        {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},\
                        "usage":{"input_tokens":18,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,\
                        "output_tokens":32}}
                        {"type":"message_stop"}""");
    }

    @Test
    void writesTheErrorOfAStream() throws Exception {
        assertThat(client().post(DemoClient.request("[[error mid]] of many", true))
                        .body())
                .endsWith(
                        """
                        event: error
                        data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}

                        """);
    }

    @Test
    void writesModels() throws Exception {
        var model =
                """
                {"type":"model","id":"claude-%1$s-5-5","display_name":"Claude %2$s 5.5",\
                "created_at":"2026-10-21T00:00:00Z","max_input_tokens":200000,"max_tokens":128000}""";
        assertThat(client().get("/v1/models/claude-haiku-5-5").body()).isEqualTo(model.formatted("haiku", "Haiku"));
        assertThat(client().get("/v1/models").body())
                .isEqualTo("{\"data\":[" + model.formatted("opus", "Opus") + "," + model.formatted("sonnet", "Sonnet")
                        + "," + model.formatted("haiku", "Haiku")
                        + "],\"has_more\":false,\"first_id\":\"claude-opus-5-5\",\"last_id\":\"claude-haiku-5-5\"}");
    }

    @Test
    void writesHelloAndCounts() throws Exception {
        assertThat(client().get("/api/hello").body()).isEqualTo("{\"message\":\"hello\"}");
        var count = client().post(
                        DemoClient.request("one", false),
                        request -> request.uri(demo.url().resolve("/v1/messages/count_tokens")));
        assertThat(count.body()).isEqualTo("{\"input_tokens\":10}");
    }
}
