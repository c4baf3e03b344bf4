package dev.warder.openai.output;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.messages.DeltaKind;
import dev.warder.openai.items.CalledTool;
import dev.warder.openai.response.Pieces;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/**
 * An item {@code custom_tool_call}: its input is the text in the JSON of the upstream's input. A JSON without
 * that text is the input itself, when it is complete. One thread at a time.
 */
final class CustomCallItem implements Item {
    private final Output output;
    private final ItemReference reference;
    /** The item up to its input. */
    private final String head;

    private final Input initial;
    private final CustomInput reader = new CustomInput();
    /** The JSON text so far, until it has the text. */
    private Pieces json = new Pieces();

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
        if (!reader.isText()) {
            json.add(bytes, from + 1, to - 1);
        }
        delta(reader.feed(bytes, from + 1, to - 1));
        if (reader.isText() && !json.isEmpty()) {
            json = new Pieces();
        }
    }

    private void delta(byte[] text) {
        if (text.length > 0) {
            input.add(text, 0, text.length);
            output.events()
                    .begin(EventName.INPUT_DELTA)
                    .add(reference.members())
                    .add(",\"delta\":\"")
                    .add(text)
                    .add("\"")
                    .end();
        }
    }

    @Override
    public void stop() {
        initial.initial().ifPresent(literal -> piece(DeltaKind.INPUT, literal, 0, literal.length));
        if (reader.isText()) {
            delta(reader.end());
            status = ItemStatus.ofCall(reader.isClosed());
        } else {
            var whole = JsonTree.parse(json.text());
            whole.ifPresent(value -> delta(text(value)));
            status = ItemStatus.ofCall(whole.isPresent());
        }
        json = new Pieces();
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

    /** The text of a JSON in which it is not the first member. */
    private byte[] text(JsonValue whole) {
        if (whole instanceof JsonObject object) {
            var text = JsonTree.findText(object, "input");
            if (text.isPresent() || object.isEmpty()) {
                return literal(text.orElse(""));
            }
        }
        return json.bytes();
    }

    /** The bytes between the quotes of a literal; halves of surrogate pairs are replaced. */
    private static byte[] literal(String text) {
        byte[] quoted = JsonText.literal("{\"input\":" + JsonText.quote(text) + "}");
        return new CustomInput().feed(quoted, 1, quoted.length - 1);
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
        return input.length() + json.length() + reader.kept() + initial.kept();
    }
}
