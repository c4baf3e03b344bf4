package dev.warder.openai.responses;

import dev.warder.openai.shared.Pieces;
import java.util.ArrayList;
import java.util.List;

/**
 * The output of a response: the order of its items, and the JSON of those that have ended, which the last event repeats.
 *
 * <p>One thread at a time.
 */
final class Output {
    private static final Pieces NOT_ENDED = new Pieces();

    private final EventBuffer events;
    private final List<Pieces> items = new ArrayList<>();
    private String responseId = "";
    private long kept;

    Output(EventBuffer events) {
        this.events = events;
    }

    void identify(String id) {
        responseId = id;
    }

    EventBuffer events() {
        return events;
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

    void added(ItemReference reference, String item) {
        added(reference, new Pieces(item));
    }

    void added(ItemReference reference, Pieces item) {
        event(EventName.ITEM_ADDED, reference, item);
    }

    void done(ItemReference reference, Pieces item) {
        event(EventName.ITEM_DONE, reference, item);
        keep(reference, item);
    }

    /**
     * A call has ended. One that was cut off is in the last event only: clients run a call when they see its event, whatever its
     * status is (Codex 0.169.0).
     */
    void called(ItemReference reference, Pieces item, ItemStatus status) {
        if (status == ItemStatus.INCOMPLETE) {
            keep(reference, item);
        } else {
            done(reference, item);
        }
    }

    private void keep(ItemReference reference, Pieces item) {
        items.set(reference.index(), item);
        kept += item.length();
    }

    private void event(EventName name, ItemReference reference, Pieces item) {
        events.begin(name)
                .add(",\"output_index\":" + reference.index() + ",\"item\":")
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
