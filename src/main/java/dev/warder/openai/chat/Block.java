package dev.warder.openai.chat;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * One block of a turn or of the system prompt. Immutable.
 *
 * @param cacheControl the client's {@code cache_control}, sent as it is
 */
public record Block(Content content, Optional<JsonObject> cacheControl) {
    /** A block without a cache breakpoint. */
    public Block(Content content) {
        this(content, Optional.empty());
    }

    /** A text that is not blank; empty for a blank one, because the API accepts none. */
    public static Optional<Block> text(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(new Block(new Text(text)));
    }

    /** The content of a block. */
    public sealed interface Content {}

    /** A text. */
    public record Text(String text) implements Content {}

    /**
     * An image or a document.
     *
     * @param title the name of a document
     */
    public record Media(MediaSource source, Optional<String> title) implements Content {}

    /** A call that the model made in an earlier turn. */
    public record ToolUse(String id, String name, JsonObject input) implements Content {}

    /** A block of the Messages API that an earlier response had, sent back as it came. */
    public record Raw(JsonObject json) implements Content {}

    /**
     * The result of a tool.
     *
     * @param callId the id of the call
     * @param blocks may be empty
     */
    public record ToolResult(String callId, List<Block> blocks) implements Content {
        /** Copies the blocks. */
        public ToolResult {
            blocks = List.copyOf(blocks);
        }
    }
}
