package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.responses.ItemBlocks.ItemBlock;
import dev.warder.openai.shared.Pieces;
import dev.warder.stream.DeltaKind;
import jakarta.json.JsonObject;

/**
 * The input of a tool's use. The one that a block has when it begins counts when no piece of an input follows. One thread at a
 * time.
 */
abstract class ToolInput implements ItemBlock {
    protected final Pieces input = new Pieces();

    private String initial;

    /** @param block begins the tool's use, with an input which may be empty */
    ToolInput(JsonObject block) {
        this.initial = JsonTree.object(block, "input").toString();
    }

    @Override
    public final void piece(DeltaKind kind, byte[] bytes, int from, int to) {
        if (kind == DeltaKind.INPUT) {
            initial = "";
            add(bytes, from, to);
        }
    }

    /** Adds a piece, a string literal. */
    protected void add(byte[] bytes, int from, int to) {
        input.add(bytes, from + 1, to - 1);
    }

    @Override
    public final void stop() {
        if (!initial.isEmpty()) {
            byte[] literal = JsonText.literal(initial);
            piece(DeltaKind.INPUT, literal, 0, literal.length);
        }
        stopped();
    }

    /** The input is complete. */
    protected abstract void stopped();

    /** The bytes that it keeps, about. */
    public long kept() {
        return input.length() + initial.length();
    }
}
