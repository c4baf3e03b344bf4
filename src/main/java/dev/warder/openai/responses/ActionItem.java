package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.responses.CalledTool.ToolKind;
import dev.warder.openai.shared.Pieces;
import dev.warder.stream.MessageReader.DeltaKind;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A call whose item has the input as an object: {@code local_shell_call}, {@code shell_call} or {@code apply_patch_call}. It
 * is written when the input is complete, because the API has no deltas for it. Without a readable input there is no item: it
 * would need a command or a patch that the model did not write. One thread at a time.
 */
final class ActionItem extends Item {
    private static final List<String> SHELL = List.of("bash", "-lc");
    private static final Set<String> CHANGES = Set.of("create_file", "update_file");

    private final ToolKind kind;
    private final String callId;
    private Optional<JsonObject> action = Optional.empty();

    /** @param block begins the tool's use */
    ActionItem(Output output, ToolKind kind, JsonObject block) {
        super(output, kind.prefix);
        this.kind = kind;
        this.callId = JsonTree.text(block, "id");
        begin(DeltaKind.INPUT, block);
    }

    @Override
    protected void stopped() {
        action = JsonTree.parseObject(text.text()).flatMap(given -> read(kind, given));
    }

    @Override
    void finish(Item.Status status) {
        if (action.isPresent()) {
            begun();
            super.finish(Item.Status.COMPLETED);
        }
    }

    @Override
    protected Pieces json(Item.Reference known, Item.Status status) {
        String environment = kind == ToolKind.SHELL ? ",\"environment\":null" : "";
        return new Pieces(known.head(kind.call) + environment + ",\"" + kind.input + "\":" + action.orElseThrow()
                + ",\"call_id\":" + JsonText.quote(callId) + status.end());
    }

    /**
     * The {@code action} or {@code operation}, with the members that clients require. Empty for an input of another form, which the
     * tool's schema does not permit: clients could not read it, and would run something that the model did not ask for.
     */
    private static Optional<JsonObject> read(ToolKind kind, JsonObject given) {
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

    private static boolean areTexts(Collection<JsonValue> values) {
        return values.stream().allMatch(JsonString.class::isInstance);
    }

    private static boolean isCount(JsonObject given, String name) {
        return isAbsentOr(given, name, value -> JsonTree.count(given, name, -1) >= 0);
    }

    private static boolean isAbsentOr(JsonObject given, String name, Predicate<JsonValue> isRight) {
        JsonValue value = given.getOrDefault(name, JsonValue.NULL);
        return value.equals(JsonValue.NULL) || isRight.test(value);
    }
}
