package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.openai.responses.Output.EventName;
import dev.warder.openai.shared.Pieces;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.MessageReader.DeltaKind;
import java.util.Arrays;
import java.util.Optional;

/**
 * An item {@code reasoning} made from thinking: a summary that shows the thinking, the sealed block, or both. Without a seal
 * it begins with the first piece of the summary, and thinking that is empty writes nothing. One thread at a time.
 */
final class ReasoningItem extends Item {
    private static final byte[] NONE = {};
    private static final String PREFIX = "rs_";
    private static final String PART = "{\"type\":\"summary_text\",\"text\":\"";

    private final boolean summary;
    private final Optional<ReasoningSeal> seal;
    private byte[] signature = NONE;
    /** The members that refer to the summary; empty before its first piece. */
    private byte[] part = NONE;

    /**
     * Begins, with an event if there will be a sealed block in any case.
     *
     * @param summary whether the thinking is shown
     * @param seal packs the block, if the client asked for it
     */
    ReasoningItem(Output output, boolean summary, Optional<ReasoningSeal> seal) {
        super(output, PREFIX);
        this.summary = summary;
        this.seal = seal;
        if (seal.isPresent()) {
            begun();
        }
    }

    /** Writes a whole item that has sealed blocks only. */
    static void sealed(Output output, ReasoningSeal seal, String blocks) {
        Item.Reference reference = output.next(PREFIX);
        String head = reference.head("reasoning") + ",\"summary\":[]";
        output.added(reference, new Pieces(head + "}"));
        String content = seal.seal(JsonText.utf8(blocks));
        output.done(reference, new Pieces(head + ",\"encrypted_content\":\"" + content + "\"}"));
    }

    @Override
    void piece(DeltaKind delta, byte[] bytes, int from, int to) {
        if (delta == DeltaKind.SIGNATURE) {
            signature = Arrays.copyOfRange(bytes, from, to);
        } else {
            super.piece(delta, bytes, from, to);
        }
    }

    @Override
    protected void add(byte[] bytes, int from, int to) {
        super.add(bytes, from, to);
        if (summary) {
            openPart();
            output.delta(EventName.SUMMARY_DELTA, part, bytes, from, to, Output.END);
        }
    }

    private void openPart() {
        if (part.length == 0) {
            part = begun().members("summary_index", 0);
            output.write(EventName.SUMMARY_PART_ADDED, part, ",\"part\":" + PART + "\"}");
        }
    }

    @Override
    protected void stopped() {
        if (part.length > 0) {
            output.write(
                    EventName.SUMMARY_DONE,
                    part,
                    new Pieces(",\"text\":\"").add(text).add("\""));
            var whole = new Pieces(",\"part\":" + PART).add(text).add("\"}");
            output.write(EventName.SUMMARY_PART_DONE, part, whole);
        }
    }

    @Override
    protected Pieces json(Item.Reference known, Item.Status status) {
        var json = new Pieces(known.head("reasoning") + ",\"summary\":[");
        if (part.length > 0) {
            json.add(PART).add(text).add("\"}");
        }
        json.add("]");
        // The API accepts no thinking without its signature, which comes last.
        if (seal.isPresent() && signature.length > 0) {
            json.add(",\"encrypted_content\":\"" + seal.get().seal(block()) + '"');
        }
        return json.add("}");
    }

    private byte[] block() {
        return new Pieces("[{\"type\":\"thinking\",\"thinking\":\"")
                .add(text)
                .add("\",\"signature\":")
                .add(signature)
                .add("}]")
                .bytes();
    }

    @Override
    long kept() {
        return super.kept() + signature.length;
    }
}
