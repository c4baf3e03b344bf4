package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.openai.shared.OutputBuffer;
import dev.warder.openai.shared.Pieces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of a response, each a whole frame of an event stream, and its output: the order of its items, and the JSON of those
 * that have ended, which the last event repeats. The methods that add write the members of the event that was begun last. While it
 * is muted, no event is written or counted.
 *
 * <p>One thread at a time.
 */
final class Output {
    static final byte[] END = "}\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DELTA = ",\"delta\":".getBytes(StandardCharsets.US_ASCII);
    private static final Pieces NOT_ENDED = new Pieces();

    private final OutputBuffer out = new OutputBuffer();
    private final List<Pieces> items = new ArrayList<>();
    private String responseId = "";
    private int sequence;
    private boolean muted;
    private long kept;

    void identify(String id) {
        responseId = id;
    }

    void mute(boolean mute) {
        muted = mute;
    }

    boolean isMuted() {
        return muted;
    }

    Output begin(EventName name) {
        if (!muted) {
            out.add(name.head);
            out.addNumber(sequence++);
        }
        return this;
    }

    Output add(byte[] bytes) {
        return add(bytes, 0, bytes.length);
    }

    private Output add(byte[] bytes, int from, int to) {
        if (!muted) {
            out.add(bytes, from, to);
        }
        return this;
    }

    Output add(Pieces pieces) {
        if (!muted) {
            out.add(pieces);
        }
        return this;
    }

    Output add(String json) {
        return muted ? this : add(JsonText.utf8(json));
    }

    void end() {
        add(END);
    }

    /**
     * Writes an event of one piece.
     *
     * @param members refer to what the piece belongs to
     * @param bytes hold the string literal of {@code delta} from {@code from} to {@code to}
     * @param end the members that follow, and the end of the event
     */
    void delta(EventName name, byte[] members, byte[] bytes, int from, int to, byte[] end) {
        begin(name).add(members).add(DELTA).add(bytes, from, to).add(end);
    }

    /**
     * Writes a whole event.
     *
     * @param members refer to what the event is about
     * @param rest the members that follow
     */
    void write(EventName name, byte[] members, Pieces rest) {
        begin(name).add(members).add(rest).end();
    }

    void write(EventName name, byte[] members, String rest) {
        begin(name).add(members).add(rest).end();
    }

    /** The bytes of the events that were written since the last call. */
    byte[] take() {
        return out.take();
    }

    /** The bytes of the items that have ended. */
    long kept() {
        return kept;
    }

    ItemReference next(String prefix) {
        items.add(NOT_ENDED);
        int index = items.size() - 1;
        return new ItemReference(prefix + responseId + "_" + index, index);
    }

    void added(ItemReference reference, Pieces item) {
        event(EventName.ITEM_ADDED, reference, item);
    }

    void done(ItemReference reference, Pieces item) {
        event(EventName.ITEM_DONE, reference, item);
        keep(reference, item);
    }

    /** An item has ended that is in the last event only. */
    void keep(ItemReference reference, Pieces item) {
        items.set(reference.index, item);
        kept += item.length();
    }

    private void event(EventName name, ItemReference reference, Pieces item) {
        begin(name)
                .add(",\"output_index\":" + reference.index + ",\"item\":")
                .add(item)
                .end();
    }

    void clear() {
        items.clear();
        kept = 0;
    }

    Pieces json() {
        var json = new Pieces();
        for (Pieces item : items) {
            if (!item.isEmpty()) {
                json.add(json.isEmpty() ? "" : ",").add(item);
            }
        }
        return json;
    }
}
