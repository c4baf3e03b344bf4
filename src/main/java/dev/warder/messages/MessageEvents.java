package dev.warder.messages;

import jakarta.json.JsonObject;

/**
 * The events of one message's stream, in their order. After {@link #stop}, {@link #error} and {@link #unreadable} nothing
 * follows. One thread at a time.
 */
public interface MessageEvents {
    /** {@code message_start}: the message without its content. */
    void start(JsonObject message);

    /** {@code content_block_start}: the block with what it holds already. */
    void blockStart(long index, JsonObject block);

    /**
     * {@code content_block_delta} of a known kind.
     *
     * @param bytes hold the string literal of the piece, quotes included, from {@code from} to {@code to}, and are used
     *     again after this call
     */
    void delta(long index, DeltaKind kind, byte[] bytes, int from, int to);

    /** {@code content_block_stop}. */
    void blockStop(long index);

    /** {@code message_delta}: how the message ends, and its usage so far; each is empty where the event has none. */
    void messageDelta(JsonObject delta, JsonObject usage);

    /** {@code message_stop}: the message is whole. */
    void stop();

    /** {@code error}: the whole event. Also one without a type, as gateways of other kinds send it. */
    void error(JsonObject event);

    /** An event whose data are no JSON object. */
    void unreadable();
}
