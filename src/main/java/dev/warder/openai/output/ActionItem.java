package dev.warder.openai.output;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.messages.DeltaKind;
import dev.warder.openai.items.ToolKind;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;

/**
 * A call whose item has the input as an object: {@code local_shell_call}, {@code shell_call} or {@code apply_patch_call}. It
 * is written when the input is complete, because the API has no deltas for it. One thread at a time.
 */
final class ActionItem implements Item {
    private static final JsonObject EXEC = JsonTree.newObject()
            .add("command", JsonValue.EMPTY_JSON_ARRAY)
            .add("env", JsonValue.EMPTY_JSON_OBJECT)
            .build();
    private static final JsonObject SHELL = JsonTree.newObject()
            .add("commands", JsonValue.EMPTY_JSON_ARRAY)
            .addNull("max_output_length")
            .addNull("timeout_ms")
            .build();
    private static final JsonObject DELETE =
            JsonTree.newObject().add("type", "delete_file").add("path", "").build();
    private static final JsonObject UPDATE = JsonTree.newObject()
            .add("type", "update_file")
            .add("path", "")
            .add("diff", "")
            .build();

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
        JsonObject given = JsonTree.parseObject(input.text()).orElse(JsonValue.EMPTY_JSON_OBJECT);
        Place place = output.next(prefix());
        output.added(place, json(place, given, ItemStatus.IN_PROGRESS));
        output.called(place, json(place, given, status), status);
    }

    private String prefix() {
        return switch (kind) {
            case LOCAL_SHELL -> "lsh_";
            case SHELL -> "sh_";
            default -> "apc_";
        };
    }

    private Pieces json(Place place, JsonObject given, ItemStatus status) {
        String call = ",\"call_id\":" + JsonText.quote(callId);
        return new Pieces(
                switch (kind) {
                    case LOCAL_SHELL ->
                        place.head("local_shell_call") + call + ",\"action\":" + exec(given) + status.end();
                    case SHELL ->
                        place.head("shell_call") + call + ",\"environment\":null,\"action\":" + commands(given)
                                + status.end();
                    default ->
                        place.head("apply_patch_call") + call + ",\"operation\":" + operation(given)
                                + patchStatus(status).end();
                });
    }

    /** A patch has no status for a call that is cut off. */
    private static ItemStatus patchStatus(ItemStatus status) {
        return status == ItemStatus.INCOMPLETE ? ItemStatus.IN_PROGRESS : status;
    }

    private static JsonObject commands(JsonObject given) {
        return complete(given, SHELL).build();
    }

    /** The members that clients require are there in any case. */
    private static JsonObject exec(JsonObject given) {
        return complete(given, EXEC).add("type", "exec").build();
    }

    private static JsonObject operation(JsonObject given) {
        boolean deletes = JsonTree.text(given, "type").equals("delete_file");
        return complete(given, deletes ? DELETE : UPDATE).build();
    }

    private static JsonObjectBuilder complete(JsonObject given, JsonObject defaults) {
        var builder = JsonTree.newObject(given);
        defaults.forEach((name, value) -> {
            if (!given.containsKey(name)) {
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
