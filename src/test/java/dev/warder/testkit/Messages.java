package dev.warder.testkit;

import jakarta.json.spi.JsonProvider;
import java.util.ArrayList;
import java.util.List;

/** Answers in the shape of the Messages API, and single events of its stream. Thread-safe. */
public final class Messages {
    /** Kept, since each call of {@code Json} looks for it in all libraries. */
    private static final JsonProvider JSON = JsonProvider.provider();

    private Messages() {}

    /** A whole message with one text block and usage. */
    public static String message(String text) {
        return """
                {"id":"msg_test","type":"message","role":"assistant","model":"claude-test","content":[{"type":"text","text":%s}],\
                "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":5}}"""
                .formatted(quoted(text));
    }

    /** An error document of this type. */
    public static String error(String type, String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":%s,\"message\":%s},\"request_id\":\"req_test\"}"
                .formatted(quoted(type), quoted(message));
    }

    /** One event as it stands on the wire, its empty line included. */
    public static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    /** A whole stream, an element an event: start, ping, one delta for each text, stop with usage. */
    public static List<String> stream(String... deltas) {
        var events = new ArrayList<String>();
        events.add(start());
        events.add(ping());
        for (var delta : deltas) {
            events.add(delta(delta));
        }
        events.add(end());
        return events;
    }

    /** The events {@code message_start} and {@code content_block_start}. */
    public static String start() {
        return event(
                        "message_start",
                        """
                        {"type":"message_start","message":{"id":"msg_test","type":"message","role":"assistant","model":"claude-test",\
                        "content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}""")
                + event(
                        "content_block_start",
                        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
    }

    /** The event {@code ping}. */
    public static String ping() {
        return event("ping", "{\"type\":\"ping\"}");
    }

    /** One {@code content_block_delta} with this text. */
    public static String delta(String text) {
        return event(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":%s}}"
                        .formatted(quoted(text)));
    }

    /** The events {@code content_block_stop}, {@code message_delta} with usage and {@code message_stop}. */
    public static String end() {
        return event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}")
                + event(
                        "message_delta",
                        """
                        {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":5}}""")
                + event("message_stop", "{\"type\":\"message_stop\"}");
    }

    /** The text as a JSON string with its quotes. */
    public static String quoted(String text) {
        return JSON.createValue(text).toString();
    }
}
