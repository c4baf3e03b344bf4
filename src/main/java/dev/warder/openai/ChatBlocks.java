package dev.warder.openai;

import jakarta.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Tells the content blocks of a stream, one after the other, as chunks. What a block holds already when it begins is told
 * as well, and an input when no delta brought it. One thread at a time.
 */
final class ChatBlocks {
    /**
     * The block under way.
     *
     * @param kind the deltas that belong to it; any other is passed over
     * @param whole the input that it had when it began, or an empty object
     */
    private record Block(long index, DeltaKind kind, DeltaPlace place, String whole) {}

    private static final int EMPTY_LITERAL = 2;

    private final ChatContext context;
    private final ChunkWriter chunks;
    private @Nullable Block block;
    private boolean told;
    private int calls;

    ChatBlocks(ChatContext context, ChunkWriter chunks) {
        this.context = context;
        this.chunks = chunks;
    }

    /** How many calls were told. */
    int calls() {
        return calls;
    }

    void begin(long index, JsonObject content) {
        end();
        told = false;
        block = switch (UpstreamJson.text(content, "type")) {
            case "text" -> new Block(index, DeltaKind.TEXT, DeltaPlace.CONTENT, "");
            case "thinking" ->
                context.reasoning() ? new Block(index, DeltaKind.THINKING, DeltaPlace.REASONING, "") : null;
            case "tool_use" -> toolUse(index, content);
            default -> null;
        };
        if (block != null && block.kind() != DeltaKind.INPUT) {
            byte[] literal = UpstreamJson.literal(UpstreamJson.text(content, block.kind().member));
            piece(index, block.kind(), literal, 0, literal.length);
        }
    }

    private @Nullable Block toolUse(long index, JsonObject content) {
        String name = UpstreamJson.text(content, "name");
        String input = UpstreamJson.object(content, "input").toString();
        if (context.unwraps(name)) {
            return new Block(index, DeltaKind.INPUT, DeltaPlace.CONTENT, input);
        }
        if (context.legacyFunctions()) {
            return function(index, name, input);
        }
        var function =
                UpstreamJson.BUILDERS.createObjectBuilder().add("name", name).add("arguments", "");
        var call = UpstreamJson.BUILDERS
                .createObjectBuilder()
                .add("index", calls)
                .add("id", UpstreamJson.text(content, "id"))
                .add("type", "function")
                .add("function", function);
        var delta = UpstreamJson.BUILDERS
                .createObjectBuilder()
                .add("tool_calls", UpstreamJson.BUILDERS.createArrayBuilder().add(call));
        chunks.delta(delta.build().toString());
        return new Block(index, DeltaKind.INPUT, DeltaPlace.arguments(calls++), input);
    }

    /** The old form has room for one; the request asks the model for no more. */
    private @Nullable Block function(long index, String name, String input) {
        if (calls++ > 0) {
            return null;
        }
        var function =
                UpstreamJson.BUILDERS.createObjectBuilder().add("name", name).add("arguments", "");
        var delta = UpstreamJson.BUILDERS.createObjectBuilder().add("function_call", function);
        chunks.delta(delta.build().toString());
        return new Block(index, DeltaKind.INPUT, DeltaPlace.FUNCTION, input);
    }

    /** A piece of the block: {@code b} holds its string literal. */
    void piece(long index, DeltaKind kind, byte[] b, int from, int to) {
        if (block != null && block.index() == index && block.kind() == kind && to - from > EMPTY_LITERAL) {
            told = true;
            chunks.piece(block.place(), b, from, to);
        }
    }

    /** The block under way, if any, ends. */
    void end() {
        if (block != null && block.kind() == DeltaKind.INPUT && !told) {
            byte[] literal = UpstreamJson.literal(block.whole());
            chunks.piece(block.place(), literal, 0, literal.length);
        }
        block = null;
    }
}
