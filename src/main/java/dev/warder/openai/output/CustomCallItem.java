package dev.warder.openai.output;

import dev.warder.messages.DeltaKind;
import dev.warder.openai.items.CalledTool;
import dev.warder.openai.response.CustomText;
import dev.warder.openai.response.Pieces;
import jakarta.json.JsonObject;

/** An item {@code custom_tool_call}: its input is the text in the JSON of the upstream's input. One thread at a time. */
final class CustomCallItem implements Item {
    private final Output output;
    private final ItemReference reference;
    /** The item up to its input. */
    private final String head;

    private final Input initial;
    private final CustomText text = new CustomText();
    private final Pieces input = new Pieces();
    /** Known when the block has ended: clients run a call that is completed. */
    private ItemStatus status = ItemStatus.IN_PROGRESS;

    /** @param block begins the tool's use */
    CustomCallItem(Output output, CalledTool tool, JsonObject block) {
        this.output = output;
        this.reference = output.next("ctc_");
        this.initial = new Input(block);
        this.head = CallItem.head(reference, "custom_tool_call", tool, block) + ",\"input\":\"";
        output.added(reference, item());
    }

    @Override
    public void piece(DeltaKind kind, byte[] bytes, int from, int to) {
        if (kind != DeltaKind.INPUT) {
            return;
        }
        initial.arrived();
        delta(text.feed(bytes, from + 1, to - 1));
    }

    private void delta(byte[] piece) {
        if (piece.length > 0) {
            input.add(piece, 0, piece.length);
            output.events()
                    .begin(EventName.INPUT_DELTA)
                    .add(reference.members())
                    .add(",\"delta\":\"")
                    .add(piece)
                    .add("\"")
                    .end();
        }
    }

    @Override
    public void stop() {
        initial.initial().ifPresent(literal -> piece(DeltaKind.INPUT, literal, 0, literal.length));
        delta(text.end());
        status = ItemStatus.ofCall(text.isComplete());
        if (status == ItemStatus.COMPLETED) {
            output.events()
                    .begin(EventName.INPUT_DONE)
                    .add(reference.members())
                    .add(",\"input\":\"")
                    .add(input)
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
        output.called(reference, item(), status);
    }

    private Pieces item() {
        return new Pieces(head).add(input).add("\"" + status.end());
    }

    @Override
    public long kept() {
        return input.length() + text.kept() + initial.kept();
    }
}
