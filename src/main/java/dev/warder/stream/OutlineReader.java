package dev.warder.stream;

import dev.warder.json.JsonTree;
import dev.warder.stream.MessageReader.OutlineEvent;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the event stream of a message without its content, regardless of how it is cut into pieces. The name of an event
 * decides whether its data is read, so that a stream pays little more than for its names; data without a name is read. An event
 * that cannot be read does not end the reading, and neither does a large one. An event of an unknown type that has an error counts
 * as one, whatever its type is.
 *
 * <p>Memory: some 200 bytes, and the data of one event that is read. One thread at a time.
 */
public final class OutlineReader {
    /** Receives the events. */
    public interface Listener extends MessageOutline {
        void piece();
    }

    private static final byte[] PIECE_DATA =
            ("{\"type\":\"" + EventType.CONTENT_BLOCK_DELTA.word() + '"').getBytes(StandardCharsets.US_ASCII);

    private final Listener listener;
    private final SelectedEvents events;

    /** @param limit the most bytes of data of one event that is read */
    public OutlineReader(int limit, Listener listener) {
        this.listener = listener;
        this.events = new SelectedEvents(limit, new Selection());
    }

    /** Reads {@code count} bytes from {@code from}. */
    public void feed(byte[] b, int from, int count) {
        events.feed(b, from, count);
    }

    /** The stream has ended: an event without its empty line counts as complete. */
    public void end() {
        events.end();
    }

    /** Few events of a message are read; hundreds have its content. */
    private final class Selection implements SelectedEvents.Listener {
        @Override
        public boolean selects(byte[] b, int from, int to) {
            if (EventType.CONTENT_BLOCK_DELTA.isNamed(b, from, to)) {
                listener.piece();
                return false;
            }
            return EventType.MESSAGE_START.isNamed(b, from, to)
                    || EventType.MESSAGE_DELTA.isNamed(b, from, to)
                    || EventType.MESSAGE_STOP.isNamed(b, from, to)
                    || EventType.ERROR.isNamed(b, from, to);
        }

        @Override
        public void event(byte[] b, int from, int to) {
            int end = from + PIECE_DATA.length;
            if (end <= to && Arrays.equals(PIECE_DATA, 0, PIECE_DATA.length, b, from, end)) {
                // Of an upstream that does not name its events.
                listener.piece();
            } else {
                JsonTree.parseObject(b, from, to).ifPresentOrElse(this::event, listener::unreadable);
            }
        }

        private void event(JsonObject event) {
            var type = EventType.of(event);
            boolean isError = type == EventType.UNKNOWN && event.get("error") instanceof JsonObject;
            OutlineEvent.pass(isError ? EventType.ERROR : type, event, listener);
        }

        @Override
        public void tooLarge() {
            listener.unreadable();
        }
    }
}
