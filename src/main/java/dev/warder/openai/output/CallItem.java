package dev.warder.openai.output;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.messages.DeltaKind;
import dev.warder.openai.items.CalledTool;
import dev.warder.openai.response.Pieces;
import jakarta.json.JsonObject;

/** An item {@code function_call}: the arguments are the input's JSON text as it arrives. One thread at a time. */
final class CallItem implements Item {
    private final Output output;
    private final ItemReference reference;
    /** The item up to its arguments. */
    private final String head;

    private final Input input;
    private final Pieces arguments = new Pieces();
    /** Known when the block has ended: clients run a call that is completed. */
    private ItemStatus status = ItemStatus.IN_PROGRESS;

    /** @param block begins the tool's use */
    CallItem(Output output, CalledTool tool, JsonObject block) {
        this.output = output;
        this.reference = output.next("fc_");
        this.input = new Input(block);
        this.head = head(reference, "function_call", tool, block) + ",\"arguments\":\"";
        output.added(reference, json());
    }

    /** The first members of a call by name. */
    static String head(ItemReference reference, String type, CalledTool tool, JsonObject block) {
        String namespace = tool.namespace()
                .map(name -> ",\"namespace\":" + JsonText.quote(name))
                .orElse("");
        return reference.head(type) + ",\"call_id\":" + JsonText.quote(JsonTree.text(block, "id")) + ",\"name\":"
                + JsonText.quote(tool.name()) + namespace;
    }

    @Override
    public void piece(DeltaKind kind, byte[] bytes, int from, int to) {
        if (kind == DeltaKind.INPUT) {
            input.arrived();
            arguments.add(bytes, from + 1, to - 1);
            output.events().delta(EventName.ARGUMENTS_DELTA, reference.members(), bytes, from, to, EventBuffer.END);
        }
    }

    @Override
    public void stop() {
        input.initial().ifPresent(literal -> piece(DeltaKind.INPUT, literal, 0, literal.length));
        status = ItemStatus.ofCall(JsonTree.parseObject(arguments.text()).isPresent());
        if (status == ItemStatus.COMPLETED) {
            output.events()
                    .begin(EventName.ARGUMENTS_DONE)
                    .add(reference.members())
                    .add(",\"arguments\":\"")
                    .add(arguments)
                    .add("\"")
                    .end();
        }
    }

    @Override
    public boolean isStopped() {
        return status != ItemStatus.IN_PROGRESS;
    }

    @Override
    public void finish(ItemStatus ofMessage) {
        output.called(reference, json(), status);
    }

    private Pieces json() {
        return new Pieces(head).add(arguments).add("\"" + status.end());
    }

    @Override
    public long kept() {
        return arguments.length() + input.kept();
    }
}
