package dev.warder.openai.output;

import dev.warder.json.JsonTree;
import dev.warder.openai.items.ToolKind;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads the inputs of the calls whose items have them as objects. A model may write what the tool's schema does not permit:
 * clients could not read it, and what they would run instead is nothing that the model asked for.
 */
final class ActionInput {
    private static final List<String> SHELL = List.of("bash", "-lc");
    private static final Set<String> CHANGES = Set.of("create_file", "update_file");

    private ActionInput() {}

    /** The {@code action} or {@code operation}, with the members that clients require; empty for an input of another form. */
    static Optional<JsonObject> read(ToolKind kind, JsonObject given) {
        return switch (kind) {
            case LOCAL_SHELL -> exec(given);
            case SHELL -> commands(given);
            default -> operation(given);
        };
    }

    private static Optional<JsonObject> exec(JsonObject given) {
        boolean readable = isCount(given, "timeout_ms")
                && isAbsentOr(given, "user", JsonString.class::isInstance)
                && isAbsentOr(given, "working_directory", JsonString.class::isInstance)
                && isAbsentOr(given, "env", env -> env instanceof JsonObject variables && areTexts(variables.values()));
        return texts(given, "command", SHELL).filter(command -> readable).map(command -> JsonTree.newObject(given)
                .add("type", "exec")
                .add("command", command)
                .add("env", JsonTree.object(given, "env"))
                .build());
    }

    private static Optional<JsonObject> commands(JsonObject given) {
        boolean readable = isCount(given, "timeout_ms") && isCount(given, "max_output_length");
        return texts(given, "commands", List.of()).filter(commands -> readable).map(commands -> JsonTree.newObject()
                .addNull("timeout_ms")
                .addNull("max_output_length")
                .addAll(JsonTree.newObject(given))
                .add("commands", commands)
                .build());
    }

    private static Optional<JsonObject> operation(JsonObject given) {
        String type = JsonTree.text(given, "type");
        boolean readable = type.equals("delete_file")
                || CHANGES.contains(type) && JsonTree.findText(given, "diff").isPresent();
        return JsonTree.findText(given, "path").filter(path -> readable).map(path -> given);
    }

    /** The texts of a member; a single text is a command line, which follows {@code shell}. */
    private static Optional<JsonArray> texts(JsonObject given, String name, List<String> shell) {
        JsonValue value = given.get(name);
        if (value instanceof JsonString line) {
            return Optional.of(JsonTree.newArray(shell).add(line).build());
        }
        return value instanceof JsonArray texts && areTexts(texts) ? Optional.of(texts) : Optional.empty();
    }

    private static boolean areTexts(Iterable<JsonValue> values) {
        for (JsonValue value : values) {
            if (!(value instanceof JsonString)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCount(JsonObject given, String name) {
        return isAbsentOr(given, name, value -> JsonTree.count(given, name, -1) >= 0);
    }

    private static boolean isAbsentOr(JsonObject given, String name, Predicate<JsonValue> isRight) {
        JsonValue value = given.getOrDefault(name, JsonValue.NULL);
        return value.equals(JsonValue.NULL) || isRight.test(value);
    }
}
