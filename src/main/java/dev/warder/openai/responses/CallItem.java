package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.chat.CustomText;
import dev.warder.openai.chat.Pieces;
import dev.warder.stream.DeltaKind;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * An item {@code function_call}, whose arguments are the input's JSON text as it arrives, or {@code custom_tool_call}, whose input is
 * the text in that JSON. One thread at a time.
 */
final class CallItem implements Item {
    private final Output output;
    private final ItemReference reference;
    private final Optional<CustomText> text;
    private final String member;
    private final String head;

    private final Input initial;
    private final Pieces input = new Pieces();
    /** Known when the block has ended: clients run a call that is completed. */
    private ItemStatus status = ItemStatus.IN_PROGRESS;

    /** @param block begins the tool's use */
    CallItem(Output output, CalledTool tool, JsonObject block) {
        boolean custom = tool.kind() == ToolKind.CUSTOM;
        this.output = output;
        this.reference = output.next(custom ? "ctc_" : "fc_");
        this.text = custom ? Optional.of(new CustomText()) : Optional.empty();
        this.member = custom ? ",\"input\":\"" : ",\"arguments\":\"";
        this.initial = new Input(block);
        String namespace = tool.namespace()
                .map(name -> ",\"namespace\":" + JsonText.quote(name))
                .orElse("");
        this.head = reference.head(custom ? "custom_tool_call" : "function_call") + ",\"call_id\":"
                + JsonText.quote(JsonTree.text(block, "id")) + ",\"name\":" + JsonText.quote(tool.name()) + namespace
                + member;
        output.added(reference, item());
    }

    @Override
    public void piece(DeltaKind kind, byte[] bytes, int from, int to) {
        if (kind != DeltaKind.INPUT) {
            return;
        }
        initial.arrived();
        if (text.isPresent()) {
            delta(text.get().feed(bytes, from + 1, to - 1));
        } else {
            input.add(bytes, from + 1, to - 1);
            output.events().delta(EventName.ARGUMENTS_DELTA, reference.members(), bytes, from, to, EventBuffer.END);
        }
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
        text.ifPresent(custom -> delta(custom.end()));
        status = ItemStatus.ofCall(text.map(CustomText::isComplete)
                .orElseGet(() -> JsonTree.parseObject(input.text()).isPresent()));
        if (status == ItemStatus.COMPLETED) {
            output.events()
                    .begin(text.isPresent() ? EventName.INPUT_DONE : EventName.ARGUMENTS_DONE)
                    .add(reference.members())
                    .add(member)
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
        return input.length() + text.map(CustomText::kept).orElse(0L) + initial.kept();
    }
}
