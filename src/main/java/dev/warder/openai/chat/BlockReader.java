package dev.warder.openai.chat;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.stream.DeltaKind;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
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
        private final DeltaKind kind;

        private final Target target;
        private final int call;
        private final String input;

        private final @Nullable CustomText text;

        private boolean hasPiece;

        private Block(DeltaKind kind, Target target, int call, String input, @Nullable CustomText text) {
            this.kind = kind;
            this.target = target;
            this.call = call;
            this.input = input;
            this.text = text;
        }
    }

    private static final int EMPTY_LITERAL = 2;
    private static final String NO_INPUT = "{}";

    /** More than the API sends interleaved; an upstream that begins more and ends none would fill the memory. */
    private static final int MOST_OPEN = 64;

    private final ResponseWriter writer;
    private final ChatContext context;
    private final Map<Long, Block> open = new LinkedHashMap<>();
    private int calls;
    private boolean unwrapped;
    private boolean textIsThinking;

    BlockReader(ResponseWriter writer, ChatContext context) {
        this.writer = writer;
        this.context = context;
    }

    /** The bytes of custom tools' inputs whose text is not known yet. */
    long kept() {
        long kept = 0;
        for (Block block : open.values()) {
            kept += block.text == null ? 0 : block.text.kept();
        }
        return kept;
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
        return textIsThinking ? thinking(DeltaKind.TEXT) : new Block(DeltaKind.TEXT, Target.TEXT, 0, "", null);
    }

    private @Nullable Block thinking(DeltaKind kind) {
        return context.reasoning() ? new Block(kind, Target.THINKING, 0, "", null) : null;
    }

    private @Nullable Block toolUse(JsonObject content) {
        String name = JsonTree.text(content, "name");
        String input = JsonTree.object(content, "input").toString();
        if (unwraps(name)) {
            boolean first = !unwrapped;
            unwrapped = true;
            textIsThinking = true;
            return first ? new Block(DeltaKind.INPUT, Target.TEXT, 0, input, null) : null;
        }
        int call = calls++;
        boolean custom = context.customTools().contains(name);
        writer.callBegin(call, JsonTree.text(content, "id"), name, custom);
        return new Block(DeltaKind.INPUT, Target.CALL, call, input, custom ? new CustomText() : null);
    }

    private boolean unwraps(String tool) {
        return context.unwrappedTool().filter(tool::equals).isPresent();
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
            case CALL -> {
                if (block.text == null) {
                    writer.callArguments(block.call, b, from, to);
                } else {
                    writeText(block.call, block.text.feed(b, from + 1, to - 1));
                }
            }
        }
    }

    private void writeText(int call, byte[] text) {
        if (text.length > 0) {
            byte[] literal = new Pieces().add(text).literal();
            writer.callArguments(call, literal, 0, literal.length);
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
        if (block.text != null) {
            writeText(block.call, block.text.end());
        }
    }
}
