package dev.warder.openai;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.messages.DeltaKind;
import jakarta.json.JsonObject;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the content blocks of a stream as chunks, each piece when it arrives, even where blocks are interleaved. The
 * content that a block has at its start is written too. An input that arrives at the start is written when no delta
 * brings one.
 *
 * <p>One thread at a time.
 */
final class ChatBlocks {
    /** A block under way. */
    private static final class Block {
        /** The deltas that belong to it; any other is passed over. */
        private final DeltaKind kind;

        private final DeltaPlace place;
        /** The input that it had when it began, or an empty object. */
        private final String whole;

        private boolean told;

        private Block(DeltaKind kind, DeltaPlace place, String whole) {
            this.kind = kind;
            this.place = place;
            this.whole = whole;
        }
    }

    private static final int EMPTY_LITERAL = 2;
    private static final String NO_INPUT = "{}";

    /** More than the API sends interleaved; an upstream that begins more and ends none would fill the memory. */
    private static final int MOST_OPEN = 64;

    private final ChatContext context;
    private final ChunkWriter chunks;
    private final Map<Long, Block> open = new LinkedHashMap<>();
    private int calls;
    private boolean answered;

    ChatBlocks(ChatContext context, ChunkWriter chunks) {
        this.context = context;
        this.chunks = chunks;
    }

    /** How many calls were written. */
    int calls() {
        return calls;
    }

    void begin(long index, JsonObject content) {
        end(index);
        endSome();
        Block block =
                switch (JsonTree.text(content, "type")) {
                    case "text" -> text();
                    case "thinking" -> thinking(DeltaKind.THINKING);
                    case "tool_use" -> toolUse(content);
                    default -> null;
                };
        if (block == null) {
            return;
        }
        open.put(index, block);
        if (block.kind != DeltaKind.INPUT) {
            byte[] literal = JsonText.literal(JsonTree.text(content, block.kind.member));
            piece(index, block.kind, literal, 0, literal.length);
        }
    }

    /** After the input that is the content, a text would make the content unreadable. */
    private @Nullable Block text() {
        return answered ? thinking(DeltaKind.TEXT) : new Block(DeltaKind.TEXT, DeltaPlace.CONTENT, "");
    }

    private @Nullable Block thinking(DeltaKind kind) {
        return context.reasoning() ? new Block(kind, DeltaPlace.REASONING, "") : null;
    }

    private @Nullable Block toolUse(JsonObject content) {
        String name = JsonTree.text(content, "name");
        String input = JsonTree.object(content, "input").toString();
        if (context.unwraps(name)) {
            boolean first = !answered;
            answered = true;
            return first ? new Block(DeltaKind.INPUT, DeltaPlace.CONTENT, input) : null;
        }
        if (context.legacyFunctions()) {
            return function(name, input);
        }
        var function = JsonTree.newObject().add("name", name).add("arguments", "");
        var call = JsonTree.newObject()
                .add("index", calls)
                .add("id", JsonTree.text(content, "id"))
                .add("type", "function")
                .add("function", function);
        var delta = JsonTree.newObject().add("tool_calls", JsonTree.newArray().add(call));
        chunks.delta(delta.build().toString());
        return new Block(DeltaKind.INPUT, DeltaPlace.arguments(calls++), input);
    }

    /** The old form has room for one call; the request asks the model for at most one. */
    private @Nullable Block function(String name, String input) {
        if (calls++ > 0) {
            return null;
        }
        var function = JsonTree.newObject().add("name", name).add("arguments", "");
        var delta = JsonTree.newObject().add("function_call", function);
        chunks.delta(delta.build().toString());
        return new Block(DeltaKind.INPUT, DeltaPlace.FUNCTION, input);
    }

    /** A piece of a block: {@code b} holds its string literal. */
    void piece(long index, DeltaKind kind, byte[] b, int from, int to) {
        Block block = open.get(index);
        if (block != null && block.kind == kind && to - from > EMPTY_LITERAL) {
            block.told = true;
            chunks.piece(block.place, b, from, to);
        }
    }

    /** A block ends, if it is under way. */
    void end(long index) {
        Block block = open.remove(index);
        if (block != null) {
            end(block);
        }
    }

    /** All blocks end. */
    void endAll() {
        open.values().forEach(this::end);
        open.clear();
    }

    /**
     * An input that arrived whole does not wait for a delta while other blocks are written, so that only one is held at a
     * time.
     */
    private void endSome() {
        Iterator<Block> blocks = open.values().iterator();
        while (blocks.hasNext()) {
            Block block = blocks.next();
            if (open.size() >= MOST_OPEN || block.whole.length() > NO_INPUT.length()) {
                end(block);
                blocks.remove();
            }
        }
    }

    private void end(Block block) {
        if (block.kind == DeltaKind.INPUT && !block.told) {
            byte[] literal = JsonText.literal(block.whole);
            chunks.piece(block.place, literal, 0, literal.length);
        }
    }
}
