package dev.warder.openai.responses;

import dev.warder.stream.DeltaKind;
import jakarta.json.JsonObject;

/** The receiver of what a content block has, from its beginning to its end. One thread at a time. */
interface ItemBlock {
    /** A piece, as {@link dev.warder.stream.MessageEvents#delta} passes it; kinds that the block has not are ignored. */
    void piece(DeltaKind kind, byte[] bytes, int from, int to);

    default void citation(JsonObject citation) {}

    /** The block has ended. */
    void stop();
}
