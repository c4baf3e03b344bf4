package dev.warder.openai.output;

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

    /** @param id of the response, without its prefix; the ids of the items are made from it */
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

    /** The place of the next item. */
    Place next(String prefix) {
        items.add(NOT_ENDED);
        int index = items.size() - 1;
        return new Place(prefix + responseId + "_" + index, index);
    }

    /** An item begins. */
    void added(Place place, String item) {
        added(place, new Pieces(item));
    }

    /** An item begins. */
    void added(Place place, Pieces item) {
        event(EventName.ITEM_ADDED, place, item);
    }

    /** An item has ended. */
    void done(Place place, Pieces item) {
        event(EventName.ITEM_DONE, place, item);
        keep(place, item);
    }

    /**
     * A call has ended. One that was cut off is in the last event only: clients run a call when they see its event, whatever its
     * status is (Codex 0.169.0).
     */
    void called(Place place, Pieces item, ItemStatus status) {
        if (status == ItemStatus.INCOMPLETE) {
            keep(place, item);
        } else {
            done(place, item);
        }
    }

    private void keep(Place place, Pieces item) {
        items.set(place.index(), item);
        kept += item.length();
    }

    private void event(EventName name, Place place, Pieces item) {
        events.begin(name)
                .add(",\"output_index\":" + place.index() + ",\"item\":")
                .add(item)
                .end();
    }

    /** Releases the items. */
    void clear() {
        items.clear();
        kept = 0;
    }

    /** The items that have ended, as elements of an array. */
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
