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

    Item.Reference next(String prefix) {
        items.add(NOT_ENDED);
        int index = items.size() - 1;
        return new Item.Reference(prefix + responseId + "_" + index, index);
    }

    void added(Item.Reference reference, Pieces item) {
        event(EventName.ITEM_ADDED, reference, item);
    }

    void done(Item.Reference reference, Pieces item) {
        event(EventName.ITEM_DONE, reference, item);
        keep(reference, item);
    }

    /** An item has ended that is in the last event only. */
    void keep(Item.Reference reference, Pieces item) {
        items.set(reference.index, item);
        kept += item.length();
    }

    private void event(EventName name, Item.Reference reference, Pieces item) {
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

    /** The events of the Responses API that are written. */
    enum EventName {
        CREATED("response.created"),
        IN_PROGRESS("response.in_progress"),
        COMPLETED("response.completed"),
        INCOMPLETE("response.incomplete"),
        FAILED("response.failed"),
        ITEM_ADDED("response.output_item.added"),
        ITEM_DONE("response.output_item.done"),
        PART_ADDED("response.content_part.added"),
        PART_DONE("response.content_part.done"),
        TEXT_DELTA("response.output_text.delta"),
        TEXT_DONE("response.output_text.done"),
        ANNOTATION_ADDED("response.output_text.annotation.added"),
        REFUSAL_DELTA("response.refusal.delta"),
        REFUSAL_DONE("response.refusal.done"),
        ARGUMENTS_DELTA("response.function_call_arguments.delta"),
        ARGUMENTS_DONE("response.function_call_arguments.done"),
        INPUT_DELTA("response.custom_tool_call_input.delta"),
        INPUT_DONE("response.custom_tool_call_input.done"),
        SUMMARY_PART_ADDED("response.reasoning_summary_part.added"),
        SUMMARY_PART_DONE("response.reasoning_summary_part.done"),
        SUMMARY_DELTA("response.reasoning_summary_text.delta"),
        SUMMARY_DONE("response.reasoning_summary_text.done"),
        SEARCH_IN_PROGRESS("response.web_search_call.in_progress"),
        SEARCH_SEARCHING("response.web_search_call.searching"),
        SEARCH_COMPLETED("response.web_search_call.completed");

        final byte[] head;

        EventName(String name) {
            this.head = ("event: " + name + "\ndata: {\"type\":\"" + name + "\",\"sequence_number\":")
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }
}
