package dev.warder.openai.responses;

import dev.warder.config.TextFile;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/**
 * The tools that OpenAI's models know without a definition, as tools with an input schema: those of {@code shell-tools.json}, by
 * their types. The input is the member {@code action} or {@code operation} of the item that calls the tool. Thread-safe.
 */
final class ShellTools {
    private static final JsonObject TOOLS = JsonTree.parseObject(TextFile.of(ShellTools.class, "shell-tools.json"))
            .orElseThrow();

    private ShellTools() {}

    /** The tool of this kind, which must be one without a definition of the client's. */
    static JsonObject of(ToolKind kind) {
        return TOOLS.getJsonObject(kind.type);
    }

    /**
     * The input that became this {@code action} or {@code operation}: without the members that the response's schema requires
     * and the model did not write.
     */
    static JsonObject input(JsonObject action) {
        var input = JsonTree.newObject();
        action.forEach((name, value) -> {
            boolean added = name.equals("type") && value.equals(JsonTree.string("exec"))
                    || name.equals("env") && value.equals(JsonValue.EMPTY_JSON_OBJECT);
            if (!added && !JsonValue.NULL.equals(value)) {
                input.add(name, value);
            }
        });
        return input.build();
    }
}
