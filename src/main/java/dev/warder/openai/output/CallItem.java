package dev.warder.openai.output;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.messages.DeltaKind;
import dev.warder.openai.items.CalledTool;
import jakarta.json.JsonObject;

/** An item {@code function_call}: the arguments are the input's JSON text as it arrives. One thread at a time. */
final class CallItem implements Item {
    private final Output output;
    private final Place place;
    /** The item up to its arguments. */
    private final String head;

    private final Input input;
    private final Pieces arguments = new Pieces();
    private boolean isStopped;

    /** @param block begins the tool's use */
    CallItem(Output output, CalledTool tool, JsonObject block) {
        this.output = output;
        this.place = output.next("fc_");
        this.input = new Input(block);
        this.head = head(place, "function_call", tool, block) + ",\"arguments\":\"";
        output.added(place, json(ItemStatus.IN_PROGRESS));
    }

    /** The first members of a call by name. */
    static String head(Place place, String type, CalledTool tool, JsonObject block) {
        String namespace = tool.namespace()
                .map(name -> ",\"namespace\":" + JsonText.quote(name))
                .orElse("");
        return place.head(type) + ",\"call_id\":" + JsonText.quote(JsonTree.text(block, "id")) + ",\"name\":"
                + JsonText.quote(tool.name()) + namespace;
    }

    @Override
    public void piece(DeltaKind kind, byte[] bytes, int from, int to) {
        if (kind == DeltaKind.INPUT) {
            input.arrived();
            arguments.add(bytes, from + 1, to - 1);
            output.events()
                    .begin(EventName.ARGUMENTS_DELTA)
                    .add(place.members())
                    .delta(bytes, from, to)
                    .end();
        }
    }

    @Override
    public void stop() {
        isStopped = true;
        input.initial().ifPresent(literal -> piece(DeltaKind.INPUT, literal, 0, literal.length));
        output.events()
                .begin(EventName.ARGUMENTS_DONE)
                .add(place.members())
                .add(",\"arguments\":\"")
                .add(arguments)
                .add("\"")
                .end();
    }

    @Override
    public boolean isStopped() {
        return isStopped;
    }

    @Override
    public void finish(ItemStatus status) {
        output.called(place, json(status), status);
    }

    private Pieces json(ItemStatus status) {
        return new Pieces(head).add(arguments).add("\"" + status.end());
    }

    @Override
    public long kept() {
        return arguments.length() + input.kept();
    }
}
