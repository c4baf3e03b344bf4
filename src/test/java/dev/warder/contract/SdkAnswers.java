package dev.warder.contract;

import com.anthropic.core.ObjectMappers;
import com.anthropic.models.messages.MessageParam;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.warder.testkit.Messages;

/** Answers as the API gives them, whole enough for an SDK. */
final class SdkAnswers {
    static final String MESSAGE = Messages.message("Good day.");

    static final String TOOL_USE =
            """
            {"id":"msg_test","type":"message","role":"assistant","model":"claude-opus-5-5","content":[\
            {"type":"text","text":"I shall look."},\
            {"type":"tool_use","id":"toolu_test","name":"weather","input":{"city":"Zürich"}}],\
            "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":30,"output_tokens":12}}""";

    /** The input comes in pieces, one of them empty, cut inside an escape. */
    static final String TOOL_STREAM = Messages.event(
                    "message_start",
                    """
                    {"type":"message_start","message":{"id":"msg_test","type":"message","role":"assistant",\
                    "model":"claude-opus-5-5","content":[],"stop_reason":null,"stop_sequence":null,\
                    "usage":{"input_tokens":30,"output_tokens":1}}}""")
            + Messages.event(
                    "content_block_start",
                    """
                    {"type":"content_block_start","index":0,"content_block":\
                    {"type":"tool_use","id":"toolu_test","name":"weather","input":{}}}""")
            + input("")
            + input("{\"city\": \"Z\\u00")
            + input("fcrich\"}")
            + Messages.event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}")
            + Messages.event(
                    "message_delta",
                    """
                    {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},\
                    "usage":{"output_tokens":12}}""")
            + Messages.event("message_stop", "{\"type\":\"message_stop\"}");

    static final String MODEL =
            """
            {"type":"model","id":"claude-opus-5-5","display_name":"Claude Opus 5.5","created_at":"2026-09-01T00:00:00Z"}""";

    static final String BATCH =
            """
            {"id":"msgbatch_test","type":"message_batch","processing_status":"ended",\
            "request_counts":{"processing":0,"succeeded":2,"errored":0,"canceled":0,"expired":0},\
            "created_at":"2026-11-01T00:00:00Z","expires_at":"2026-11-02T00:00:00Z","ended_at":"2026-11-01T00:05:00Z",\
            "archived_at":null,"cancel_initiated_at":null,"results_url":null}""";

    static final String FILE =
            """
            {"id":"file_test","type":"file","filename":"numbers.txt","mime_type":"text/plain","size_bytes":720000,\
            "created_at":"2026-11-01T00:00:00Z","downloadable":false}""";

    private SdkAnswers() {}

    /** A page with one element. */
    static String list(String element, String id) {
        return "{\"data\":[%s],\"has_more\":false,\"first_id\":\"%s\",\"last_id\":\"%s\"}".formatted(element, id, id);
    }

    /** What a program sends back for a tool use: read from JSON, because the two SDKs name the way to build it differently. */
    static MessageParam toolResult(String useId) throws JsonProcessingException {
        var json =
                """
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"%s","content":"Rain, 7 °C."}]}""";
        return ObjectMappers.jsonMapper().readValue(json.formatted(useId), MessageParam.class);
    }

    private static String input(String part) {
        return Messages.event(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":%s}}"
                        .formatted(Messages.quoted(part)));
    }
}
