package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Content blocks of the Messages API. Thread-safe. */
public final class Blocks {
    static final String CACHE = "cache_control";

    static final String TEXT = "text";
    static final String USE = "tool_use";
    static final String RESULT = "tool_result";
    static final String THINKING = "thinking";
    static final String REDACTED = "redacted_thinking";

    private static final String CONTENT = "content";

    private Blocks() {}

    /** A text that is not blank; empty for a blank one, because the API accepts none. */
    public static Optional<JsonObject> text(String text) {
        return text.isBlank()
                ? Optional.empty()
                : Optional.of(JsonTree.typed(TEXT).add(TEXT, text).build());
    }

    /** A call that the model made in an earlier turn. */
    public static JsonObject toolUse(String id, String name, JsonObject input) {
        return JsonTree.typed(USE)
                .add("id", id)
                .add("name", name)
                .add("input", input)
                .build();
    }

    /**
     * The result of a tool.
     *
     * @param callId the id of the call
     * @param blocks may be empty
     */
    public static JsonObject toolResult(String callId, List<JsonObject> blocks) {
        var result = JsonTree.typed(RESULT).add("tool_use_id", callId);
        return blocks.isEmpty()
                ? result.build()
                : result.add(CONTENT, JsonTree.newArray(blocks)).build();
    }

    public static String type(JsonObject block) {
        return JsonTree.findText(block, "type").orElse("");
    }

    public static boolean isResult(JsonObject block) {
        return type(block).equals(RESULT);
    }

    public static boolean isThinking(JsonObject block) {
        return type(block).equals(THINKING) || type(block).equals(REDACTED);
    }

    /** The blocks that a block has: the content of a tool's result. */
    static List<JsonObject> within(JsonObject block) {
        return isResult(block) ? JsonTree.array(block, CONTENT).getValuesAs(JsonObject.class) : List.of();
    }

    static JsonObject withContent(JsonObject owner, List<JsonObject> content) {
        return content.isEmpty()
                ? owner
                : JsonTree.newObject(owner)
                        .add(CONTENT, JsonTree.newArray(content))
                        .build();
    }

    /** The same with a text that ends without white space, which the API refuses as the beginning of a response. */
    static JsonObject stripped(JsonObject block) {
        return type(block).equals(TEXT)
                ? JsonTree.newObject(block)
                        .add(TEXT, JsonTree.text(block, TEXT).stripTrailing())
                        .build()
                : block;
    }

    static Optional<JsonObject> mark(JsonObject block) {
        return block.get(CACHE) instanceof JsonObject mark ? Optional.of(mark) : Optional.empty();
    }

    static JsonObject marked(JsonObject block, Optional<JsonObject> mark) {
        return mark.map(set -> JsonTree.newObject(block).add(CACHE, set).build())
                .orElse(block);
    }
}
