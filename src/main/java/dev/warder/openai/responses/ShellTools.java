package dev.warder.openai.responses;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Tool;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.Optional;

/**
 * The tools that OpenAI's models know without a definition, as tools with an input schema. The input is the member
 * {@code action} or {@code operation} of the item that calls the tool. Thread-safe.
 */
final class ShellTools {
    private static final Map<ToolKind, JsonObject> TOOLS = Map.of(
            ToolKind.LOCAL_SHELL,
            tool(
                    ToolKind.LOCAL_SHELL,
                    "Runs one command on the user's computer and returns its output.",
                    """
                    {"type": "object", "properties": {
                      "command": {"type": "array", "items": {"type": "string"},
                        "description": "The program and its arguments, one item each."},
                      "env": {"type": "object", "additionalProperties": {"type": "string"},
                        "description": "Environment variables to set."},
                      "timeout_ms": {"type": "integer", "description": "Time limit in milliseconds."},
                      "user": {"type": "string", "description": "The user to run the command as."},
                      "working_directory": {"type": "string"}},
                     "required": ["command"]}"""),
            ToolKind.SHELL,
            tool(
                    ToolKind.SHELL,
                    "Runs shell commands in the user's environment, all at the same time, and returns their output.",
                    """
                    {"type": "object", "properties": {
                      "commands": {"type": "array", "items": {"type": "string"},
                        "description": "Command lines of a shell."},
                      "timeout_ms": {"type": "integer", "description": "Time limit in milliseconds."},
                      "max_output_length": {"type": "integer",
                        "description": "The most characters of output to return."}},
                     "required": ["commands"]}"""),
            ToolKind.APPLY_PATCH,
            tool(
                    ToolKind.APPLY_PATCH,
                    "Creates, changes or deletes one file of the user. A diff is in the V4A form: each hunk begins with a"
                            + " line @@, which may name the class or function around it; lines to keep begin with a space,"
                            + " lines to remove with -, lines to add with +. The diff of a new file has lines with + only.",
                    """
                    {"type": "object", "properties": {
                      "type": {"type": "string", "enum": ["create_file", "update_file", "delete_file"]},
                      "path": {"type": "string", "description": "The path of the file, relative to the workspace."},
                      "diff": {"type": "string", "description": "The change; absent for delete_file."}},
                     "required": ["type", "path"]}"""));

    private ShellTools() {}

    /** The tool of this kind, which must be one without a definition of the client's. */
    static JsonObject of(ToolKind kind) {
        return Optional.ofNullable(TOOLS.get(kind)).orElseThrow();
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

    private static JsonObject tool(ToolKind kind, String description, String schema) {
        var parsed = JsonTree.parseObject(schema).orElseThrow();
        return Tool.of(kind.type, Optional.of(description), parsed, false);
    }
}
