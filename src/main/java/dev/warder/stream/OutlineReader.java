package dev.warder.stream;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * Reads the event stream of a message without its content, regardless of how it is cut into pieces. The name of an event
 * decides whether its data is read, so that a stream pays little more than for its names; data without a name is read. An event
 * that cannot be read does not end the reading, and neither does a large one. An event of an unknown type that has an error counts
 * as one, whatever its type is.
 *
 * <p>Memory: some 200 bytes, and the data of one event that is read. One thread at a time.
 */
public final class OutlineReader {
    private static final byte[] PIECE_DATA =
            ("{\"type\":\"" + EventType.CONTENT_BLOCK_DELTA.word() + '"').getBytes(StandardCharsets.US_ASCII);

    private final MessageOutline listener;
    private final SseReader reader;

    /** @param limit the most bytes of data of one event that is read */
    public OutlineReader(int limit, MessageOutline listener) {
        this.listener = listener;
        this.reader = SseReader.skipping(limit, limit, new Events());
    }

    /** Reads {@code count} bytes from {@code from}. */
    public void feed(byte[] b, int from, int count) {
        reader.feedUnlimited(b, from, from + count);
    }

    /** The stream has ended: an event without its empty line counts as complete. */
    public void end() {
        reader.end();
    }

    private final class Events implements SseReader.Listener {
        /** Few events of a message are wanted, while hundreds have its content. */
        @Override
        public boolean named(byte[] b, int from, int to) {
            if (EventType.CONTENT_BLOCK_DELTA.isNamed(b, from, to)) {
                listener.piece();
                return false;
            }
            return EventType.MESSAGE_START.isNamed(b, from, to)
                    || EventType.MESSAGE_DELTA.isNamed(b, from, to)
                    || EventType.isLast(b, from, to);
        }

        @Override
        public void event(byte[] data, int from, int to) {
            if (SseReader.beginsWith(data, from, to, PIECE_DATA)) {
                // Of an upstream that does not name its events.
                listener.piece();
            } else {
                JsonTree.parseObject(data, from, to).ifPresentOrElse(this::event, listener::unreadable);
            }
        }

        private void event(JsonObject event) {
            var type = EventType.of(event);
            boolean isError = type == EventType.UNKNOWN && event.get("error") instanceof JsonObject;
            (isError ? EventType.ERROR : type).pass(event, listener);
        }

        @Override
        public void skipped() {
            listener.unreadable();
        }
    }

    /** The events of one message's stream without its content, in their order. One thread at a time. */
    public interface MessageOutline {
        void start(JsonObject message);

        /** A piece of the content has come. Only {@link OutlineReader} reports it. */
        default void piece() {}

        /** {@code message_delta}: how the message ends, and its usage so far; each is empty where the event has none. */
        void messageDelta(JsonObject delta, JsonObject usage);

        void stop();

        /** {@code error}: the whole event. This includes an error without a type, as other kinds of gateways send it. */
        void error(JsonObject event);

        /** An event that cannot be read: its data is not a JSON object. {@link OutlineReader} reports too large data so, too. */
        void unreadable();
    }
}
