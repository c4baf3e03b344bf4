package dev.warder.stream;

import dev.warder.json.JsonTree;
import dev.warder.stream.OutlineReader.MessageOutline;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The events of a message's stream. An event has its type as its name, and as the member {@code type} of its data. */
public enum EventType {
    MESSAGE_START("message_start"),
    /** A content block begins. */
    CONTENT_BLOCK_START("content_block_start"),
    /** A piece of a content block. Nearly all events are of this type. */
    CONTENT_BLOCK_DELTA("content_block_delta"),
    /** A content block is complete. */
    CONTENT_BLOCK_STOP("content_block_stop"),
    MESSAGE_DELTA("message_delta"),
    MESSAGE_STOP("message_stop"),
    PING("ping"),
    /** The message ends with an error. */
    ERROR("error"),
    UNKNOWN("");

    private static final Map<String, EventType> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventType::word, Function.identity()));

    private final String word;
    private final byte[] name;

    EventType(String word) {
        this.word = word;
        this.name = word.getBytes(StandardCharsets.US_ASCII);
    }

    /** The type of an event with these data. An error without a type, as other kinds of gateways send it, is one too. */
    static EventType of(JsonObject data) {
        String word = JsonTree.text(data, "type");
        boolean isError = word.isEmpty() && data.get("error") instanceof JsonObject;
        return isError ? ERROR : BY_WORD.getOrDefault(word, UNKNOWN);
    }

    public String word() {
        return word;
    }

    /** Whether the bytes from {@code from} to {@code to} are this type's word. */
    public boolean isNamed(byte[] b, int from, int to) {
        return Arrays.equals(name, 0, name.length, b, from, to);
    }

    /** Whether an event with this name, the bytes from {@code from} to {@code to}, ends the stream of a message. */
    public static boolean isLast(byte[] b, int from, int to) {
        return MESSAGE_STOP.isNamed(b, from, to) || ERROR.isNamed(b, from, to);
    }

    boolean isLast() {
        return this == MESSAGE_STOP || this == ERROR;
    }

    /** Decodes an event of this type and passes it on, unless it belongs to the content or is a ping or unknown. */
    void pass(JsonObject event, MessageOutline outline) {
        switch (this) {
            case MESSAGE_START -> outline.start(JsonTree.object(event, "message"));
            case MESSAGE_DELTA ->
                outline.messageDelta(JsonTree.object(event, "delta"), JsonTree.object(event, "usage"));
            case MESSAGE_STOP -> outline.stop();
            case ERROR -> outline.error(event);
            case CONTENT_BLOCK_START, CONTENT_BLOCK_DELTA, CONTENT_BLOCK_STOP, PING, UNKNOWN -> {
                // Not part of the outline.
            }
        }
    }

    public byte[] literal() {
        return ('"' + word + '"').getBytes(StandardCharsets.US_ASCII);
    }
}
