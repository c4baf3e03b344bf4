package dev.warder.stream;

import jakarta.json.JsonObject;

/**
 * The events of one message's stream with its content, in their order. No event follows {@link #stop}, {@link #error} or
 * {@link #unreadable}. One thread at a time.
 */
public interface MessageEvents extends MessageOutline {
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

    void blockStop(long index);
}
