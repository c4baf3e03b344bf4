package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.openai.shared.Pieces;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.DeltaKind;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An item {@code reasoning} made from thinking: a summary that shows the thinking, the sealed block, or both. Without a seal
 * it begins with the first piece of the summary, and thinking that is empty writes nothing. One thread at a time.
 */
final class ReasoningItem implements Item {
    private static final byte[] NONE = {};
    private static final String PART = "{\"type\":\"summary_text\",\"text\":\"";

    private final Output output;
    private final EventBuffer events;
    private final DeltaKind kind;
    private final boolean summary;
    private final Optional<ReasoningSeal> seal;
    private final Pieces thinking = new Pieces();
    private byte[] signature = NONE;
    private boolean isStopped;
    private @Nullable ItemReference reference;
    /** The members that refer to the summary; empty before its first piece. */
    private byte[] part = NONE;

    /**
     * Begins, with an event if there will be a sealed block in any case.
     *
     * @param kind the kind of the deltas that are shown
     * @param summary whether the thinking is shown
     * @param seal packs the block, if the client asked for it
     */
    ReasoningItem(Output output, DeltaKind kind, boolean summary, Optional<ReasoningSeal> seal) {
        this.output = output;
        this.events = output.events();
        this.kind = kind;
        this.summary = summary;
        this.seal = seal;
        if (seal.isPresent()) {
            begun();
        }
    }

    /** Writes a whole item that has sealed blocks only. */
    static void sealed(Output output, ReasoningSeal seal, String blocks) {
        ItemReference reference = output.next("rs_");
        output.added(reference, reference.head("reasoning") + ",\"summary\":[]}");
        output.done(
                reference,
                new Pieces(reference.head("reasoning") + ",\"summary\":[],\"encrypted_content\":\""
                        + seal.seal(JsonText.utf8(blocks)) + "\"}"));
    }

    private ItemReference begun() {
        if (reference == null) {
            reference = output.next("rs_");
            output.added(reference, reference.head("reasoning") + ",\"summary\":[]}");
        }
        return reference;
    }

    @Override
    public void piece(DeltaKind delta, byte[] bytes, int from, int to) {
        if (delta == DeltaKind.SIGNATURE) {
            signature = Arrays.copyOfRange(bytes, from, to);
        } else if (delta == kind) {
            thinking.add(bytes, from + 1, to - 1);
            if (summary) {
                openPart();
                events.delta(EventName.SUMMARY_DELTA, part, bytes, from, to, EventBuffer.END);
            }
        }
    }

    private void openPart() {
        if (part.length == 0) {
            part = begun().members("summary_index", 0);
            events.write(EventName.SUMMARY_PART_ADDED, part, ",\"part\":" + PART + "\"}");
        }
    }

    @Override
    public void stop() {
        isStopped = true;
        if (part.length > 0) {
            events.write(
                    EventName.SUMMARY_DONE,
                    part,
                    new Pieces(",\"text\":\"").add(thinking).add("\""));
            var whole = new Pieces(",\"part\":" + PART).add(thinking).add("\"}");
            events.write(EventName.SUMMARY_PART_DONE, part, whole);
        }
    }

    @Override
    public boolean isStopped() {
        return isStopped;
    }

    @Override
    public void finish(ItemStatus status) {
        if (reference != null) {
            output.done(reference, json(reference));
        }
    }

    private Pieces json(ItemReference known) {
        var json = new Pieces(known.head("reasoning") + ",\"summary\":[");
        if (part.length > 0) {
            json.add(PART).add(thinking).add("\"}");
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
                .add(thinking)
                .add("\",\"signature\":")
                .add(signature)
                .add("}]")
                .bytes();
    }

    @Override
    public long kept() {
        return thinking.length() + signature.length;
    }
}
