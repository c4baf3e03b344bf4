package dev.warder.openai.output;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.messages.DeltaKind;
import dev.warder.openai.items.ToolKind;
import dev.warder.openai.response.Pieces;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * A call whose item has the input as an object: {@code local_shell_call}, {@code shell_call} or {@code apply_patch_call}. It
 * is written when the input is complete, because the API has no deltas for it. Without a readable input there is no item: it
 * would need a command or a patch that the model did not write. One thread at a time.
 */
final class ActionItem implements Item {
    private final Output output;
    private final ToolKind kind;
    private final String callId;
    private final Input initial;
    private final Pieces input = new Pieces();
    private Optional<JsonObject> action = Optional.empty();
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
        action = JsonTree.parseObject(input.text()).flatMap(given -> ActionInput.read(kind, given));
    }

    @Override
    public boolean isStopped() {
        return isStopped;
    }

    @Override
    public void finish(ItemStatus status) {
        action.ifPresent(read -> {
            ItemReference reference = output.next(prefix());
            output.added(reference, json(reference, read, ItemStatus.IN_PROGRESS));
            output.done(reference, json(reference, read, ItemStatus.COMPLETED));
        });
    }

    private String prefix() {
        return switch (kind) {
            case LOCAL_SHELL -> "lsh_";
            case SHELL -> "sh_";
            default -> "apc_";
        };
    }

    private Pieces json(ItemReference reference, JsonObject read, ItemStatus status) {
        String members =
                switch (kind) {
                    case LOCAL_SHELL -> reference.head("local_shell_call") + ",\"action\":";
                    case SHELL -> reference.head("shell_call") + ",\"environment\":null,\"action\":";
                    default -> reference.head("apply_patch_call") + ",\"operation\":";
                };
        return new Pieces(members + read + ",\"call_id\":" + JsonText.quote(callId) + status.end());
    }

    @Override
    public long kept() {
        return input.length() + initial.kept();
    }
}
