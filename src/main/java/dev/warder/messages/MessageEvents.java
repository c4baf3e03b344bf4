package dev.warder.messages;

import jakarta.json.JsonObject;

/**
 * The events of one message's stream, in their order. No event follows {@link #stop}, {@link #error} or
 * {@link #unreadable}. One thread at a time.
 */
public interface MessageEvents {
    /** {@code message_start}: the message without its content. */
    void start(JsonObject message);

    /** {@code content_block_start}: the block with its initial content. */
    void blockStart(long index, JsonObject block);

    /**
     * {@code content_block_delta} of a known kind.
     *
     * @param bytes hold the string literal of the piece, quotes included, from {@code from} to {@code to}; reused after
     *     this call
     */
    void delta(long index, DeltaKind kind, byte[] bytes, int from, int to);

    /** {@code citations_delta}: a source of a text, as the upstream sent it. Ignored unless a listener needs it. */
    default void citation(long index, JsonObject citation) {}

    /** {@code content_block_stop}. */
    void blockStop(long index);

    /** {@code message_delta}: how the message ends, and its usage so far; each is empty where the event has none. */
    void messageDelta(JsonObject delta, JsonObject usage);

    /** {@code message_stop}: the message is complete. */
    void stop();

    /** {@code error}: the whole event. This includes an error without a type, as other kinds of gateways send it. */
    void error(JsonObject event);

    /** An event whose data is not a JSON object. */
    void unreadable();
}
