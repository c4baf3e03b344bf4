package dev.warder.openai;

import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.stream.MessageReader.DeltaKind;
import dev.warder.stream.Translation.StreamTranslation;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Requests' contexts, and events of a message's stream as they stand on the wire. */
public final class Talk {
    public static final ChatContext PLAIN = context(false, true, Optional.empty(), false);
    public static final ChatContext WITH_USAGE = context(true, true, Optional.empty(), false);
    public static final ChatContext WITHOUT_REASONING = context(false, false, Optional.empty(), false);
    public static final ChatContext UNWRAPPED = context(false, true, Optional.of("answer"), false);
    public static final ChatContext LEGACY = context(false, true, Optional.empty(), true);
    /** The tool {@code look} takes text. */
    public static final ChatContext CUSTOM =
            new ChatContext("gpt", true, false, true, Optional.empty(), false, Set.of("look"), PropertyNames.NONE);

    static final Instant CREATED = Instant.ofEpochSecond(1_800_000_000);

    private Talk() {}

    public static ChatStream response(ChatContext context) {
        return new ChatStream(context, "x", CREATED);
    }

    /** The frames of a stream that comes in pieces of this length. */
    public static ChatFrames frames(ChatContext context, String events, int piece) {
        return ChatFrames.of(
                translated(response(context).stream(1_000_000), events.getBytes(StandardCharsets.UTF_8), piece));
    }

    static ChatFrames frames(ChatContext context, String events) {
        return frames(context, events, Integer.MAX_VALUE);
    }

    /** The translation of a stream that comes in pieces of this length. */
    public static byte[] translated(StreamTranslation stream, byte[] bytes, int piece) {
        var out = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; ) {
            int to = at + Math.min(piece, bytes.length - at);
            out.writeBytes(stream.feed(Arrays.copyOfRange(bytes, at, to)));
            at = to;
        }
        out.writeBytes(stream.end());
        return out.toByteArray();
    }

    private static ChatContext context(
            boolean includeUsage, boolean reasoning, Optional<String> unwrappedTool, boolean legacyFunctions) {
        return new ChatContext(
                "gpt-\u00fc",
                true,
                includeUsage,
                reasoning,
                unwrappedTool,
                legacyFunctions,
                Set.of(),
                PropertyNames.NONE);
    }

    public static String event(String type, String members) {
        String comma = members.isEmpty() ? "" : ",";
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + comma + members + "}\n\n";
    }

    public static String start() {
        return event(
                "message_start",
                """
                "message":{"id":"msg_01AbC","type":"message","role":"assistant","model":"claude-test","content":[],\
                "stop_reason":null,"usage":{"input_tokens":3,"cache_creation_input_tokens":12304,\
                "cache_read_input_tokens":0,"output_tokens":1}}""");
    }

    public static String begin(int index, String block) {
        return event("content_block_start", "\"index\":" + index + ",\"content_block\":" + block);
    }

    public static String beginText(int index) {
        return begin(index, "{\"type\":\"text\",\"text\":\"\"}");
    }

    public static String beginTool(int index, String id, String name) {
        return begin(index, "{\"type\":\"tool_use\",\"id\":\"" + id + "\",\"name\":\"" + name + "\",\"input\":{}}");
    }

    /** The events of a message with one call, whose input comes in these pieces. */
    public static String call(String name, String... pieces) {
        var events = new StringBuilder(start() + beginTool(0, "toolu_1", name));
        for (String piece : pieces) {
            events.append(input(0, piece));
        }
        return events + stop(0) + end("tool_use");
    }

    /** A delta; {@code literal} is the piece's string literal with its quotes. */
    public static String delta(int index, DeltaKind kind, String literal) {
        return event(
                "content_block_delta",
                "\"index\":" + index + ",\"delta\":{\"type\":\"" + kind.type + "\",\"" + kind.member + "\":" + literal
                        + "}");
    }

    public static String text(int index, String text) {
        return delta(index, DeltaKind.TEXT, quoted(text));
    }

    public static String input(int index, String json) {
        return delta(index, DeltaKind.INPUT, quoted(json));
    }

    public static String thinking(int index, String text) {
        return delta(index, DeltaKind.THINKING, quoted(text));
    }

    public static String stop(int index) {
        return event("content_block_stop", "\"index\":" + index);
    }

    public static String end(String stopReason) {
        return event(
                        "message_delta",
                        "\"delta\":{\"stop_reason\":\"" + stopReason
                                + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":550}")
                + event("message_stop", "");
    }

    public static String quoted(String text) {
        return Json.createValue(text).toString();
    }

    public static JsonObject object(String json) {
        return ChatFrames.json(json);
    }
}
