package dev.warder.openai.response;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.messages.DeltaKind;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the content blocks of a message and passes each piece to the writer when it arrives, even where blocks are
 * interleaved. The content that a block has at its start is passed on too. An input that arrives at the start is passed
 * on when no delta brings one. Blocks of other kinds, such as redacted thinking, are skipped: a client could read nothing
 * in them.
 *
 * <p>One thread at a time.
 */
final class BlockReader {
    /** Where the pieces of a block go. */
    private enum Target {
        TEXT,
        THINKING,
        CALL
    }

    /** A block that has begun and not ended. */
    private static final class Block {
        /** The deltas that belong to it; any other is skipped. */
        private final DeltaKind kind;

        private final Target target;
        /** The number of a call. */
        private final int call;
        /** The input that it had when it began, or an empty object. */
        private final String input;

        private boolean hasPiece;

        private Block(DeltaKind kind, Target target, int call, String input) {
            this.kind = kind;
            this.target = target;
            this.call = call;
            this.input = input;
        }
    }

    private static final int EMPTY_LITERAL = 2;
    private static final String NO_INPUT = "{}";

    /** More than the API sends interleaved; an upstream that begins more and ends none would fill the memory. */
    private static final int MOST_OPEN = 64;

    private final ResponseWriter writer;
    private final boolean reasoning;
    private final Optional<String> unwrappedTool;
    private final Map<Long, Block> open = new LinkedHashMap<>();
    private int calls;
    private boolean unwrapped;
    private boolean textIsThinking;

    /**
     * Passes the blocks to {@code writer}.
     *
     * @param reasoning whether thinking is shown
     * @param unwrappedTool a tool whose input is the text of the response
     */
    BlockReader(ResponseWriter writer, boolean reasoning, Optional<String> unwrappedTool) {
        this.writer = writer;
        this.reasoning = reasoning;
        this.unwrappedTool = unwrappedTool;
    }

    /**
     * Announces the blocks of a whole message. A text before the input of the unwrapped tool would make that input
     * unreadable, as one after it does; in a stream it is passed on before the input is known.
     */
    void expect(JsonArray content) {
        textIsThinking = content.stream()
                .anyMatch(value -> value instanceof JsonObject block
                        && JsonTree.text(block, "type").equals("tool_use")
                        && unwraps(JsonTree.text(block, "name")));
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

    /** A text after the input of the unwrapped tool would make that input unreadable. */
    private @Nullable Block text() {
        return textIsThinking ? thinking(DeltaKind.TEXT) : new Block(DeltaKind.TEXT, Target.TEXT, 0, "");
    }

    private @Nullable Block thinking(DeltaKind kind) {
        return reasoning ? new Block(kind, Target.THINKING, 0, "") : null;
    }

    private @Nullable Block toolUse(JsonObject content) {
        String name = JsonTree.text(content, "name");
        String input = JsonTree.object(content, "input").toString();
        if (unwraps(name)) {
            boolean first = !unwrapped;
            unwrapped = true;
            textIsThinking = true;
            return first ? new Block(DeltaKind.INPUT, Target.TEXT, 0, input) : null;
        }
        int call = calls++;
        writer.callBegin(call, JsonTree.text(content, "id"), name);
        return new Block(DeltaKind.INPUT, Target.CALL, call, input);
    }

    private boolean unwraps(String tool) {
        return unwrappedTool.isPresent() && unwrappedTool.get().equals(tool);
    }

    /** A piece of a block: {@code b} holds its string literal. */
    void piece(long index, DeltaKind kind, byte[] b, int from, int to) {
        Block block = open.get(index);
        if (block != null && block.kind == kind && to - from > EMPTY_LITERAL) {
            block.hasPiece = true;
            write(block, b, from, to);
        }
    }

    private void write(Block block, byte[] b, int from, int to) {
        switch (block.target) {
            case TEXT -> writer.text(b, from, to);
            case THINKING -> writer.thinking(b, from, to);
            case CALL -> writer.callArguments(block.call, b, from, to);
        }
    }

    /** A block ends, if it is open. */
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
     * An input that arrived whole does not wait for a delta while other blocks are read, so that only one is held at a
     * time.
     */
    private void endSome() {
        Iterator<Block> blocks = open.values().iterator();
        while (blocks.hasNext()) {
            Block block = blocks.next();
            if (open.size() >= MOST_OPEN || block.input.length() > NO_INPUT.length()) {
                end(block);
                blocks.remove();
            }
        }
    }

    private void end(Block block) {
        if (block.kind == DeltaKind.INPUT && !block.hasPiece) {
            byte[] literal = JsonText.literal(block.input);
            write(block, literal, 0, literal.length);
        }
    }
}
