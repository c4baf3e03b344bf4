package dev.warder.openai.output;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.messages.DeltaKind;
import dev.warder.openai.items.ToolKind;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.Optional;

/**
 * A call whose item has the input as an object: {@code local_shell_call}, {@code shell_call} or {@code apply_patch_call}. It
 * is written when the input is complete, because the API has no deltas for it. One thread at a time.
 */
final class ActionItem implements Item {
    private final Output output;
    private final ToolKind kind;
    private final String callId;
    private final Input initial;
    private final Pieces input = new Pieces();
    private boolean isStopped;

    /** @param block begins the tool's use */
    ActionItem(Output output, ToolKind kind, JsonObject block) {
        this.output = output;
        this.kind = kind;
        this.callId = JsonTree.text(block, "id");
        this.initial = new Input(block);
    }

    @Override
    public void piece(DeltaKind delta, byte[] bytes, int from, int to) {
        if (delta == DeltaKind.INPUT) {
            initial.arrived();
            input.add(bytes, from + 1, to - 1);
        }
    }

    @Override
    public void stop() {
        initial.initial().ifPresent(literal -> piece(DeltaKind.INPUT, literal, 0, literal.length));
        isStopped = true;
    }

    @Override
    public boolean isStopped() {
        return isStopped;
    }

    @Override
    public void finish(ItemStatus status) {
        Optional<JsonObject> read = JsonTree.parseObject(input.text());
        JsonObject given = read.orElse(JsonValue.EMPTY_JSON_OBJECT);
        Place place = output.next(prefix());
        output.added(place, json(place, given, ItemStatus.IN_PROGRESS));
        output.done(place, json(place, given, status));
    }

    private String prefix() {
        return switch (kind) {
            case LOCAL_SHELL -> "lsh_";
            case SHELL -> "sh_";
            default -> "apc_";
        };
    }

    private Pieces json(Place place, JsonObject given, ItemStatus status) {
        String head = ",\"call_id\":" + JsonText.quote(callId);
        return new Pieces(
                switch (kind) {
                    case LOCAL_SHELL ->
                        place.head("local_shell_call") + head + ",\"action\":" + exec(given) + status.end();
                    case SHELL ->
                        place.head("shell_call") + head + ",\"environment\":null,\"action\":" + shell(given)
                                + status.end();
                    default ->
                        // This item knows no status for one that is cut off.
                        place.head("apply_patch_call") + head + ",\"operation\":" + operation(given)
                                + (status == ItemStatus.INCOMPLETE ? ItemStatus.IN_PROGRESS : status).end();
                });
    }

    /** The members that clients require are there in any case. */
    private static JsonObject exec(JsonObject given) {
        return with(given, "action", Map.of("command", JsonValue.EMPTY_JSON_ARRAY, "env", JsonValue.EMPTY_JSON_OBJECT))
                .add("type", "exec")
                .build();
    }

    private static JsonObject shell(JsonObject given) {
        return with(
                        given,
                        "action",
                        Map.of(
                                "commands", JsonValue.EMPTY_JSON_ARRAY,
                                "max_output_length", JsonValue.NULL,
                                "timeout_ms", JsonValue.NULL))
                .build();
    }

    private static JsonObject operation(JsonObject given) {
        JsonValue empty = JsonTree.string("");
        return with(given, "operation", Map.of("type", JsonTree.string("update_file"), "path", empty, "diff", empty))
                .build();
    }

    /** The object of the member, or {@code given} itself, and the defaults for what it lacks. */
    private static JsonObjectBuilder with(JsonObject given, String member, Map<String, JsonValue> defaults) {
        JsonObject object = given.get(member) instanceof JsonObject inner ? inner : given;
        var builder = JsonTree.newObject(object);
        defaults.forEach((name, value) -> {
            if (!object.containsKey(name)) {
                builder.add(name, value);
            }
        });
        return builder;
    }

    @Override
    public long kept() {
        return input.length() + initial.kept();
    }
}
