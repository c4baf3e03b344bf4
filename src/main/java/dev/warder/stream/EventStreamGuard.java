package dev.warder.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Follows an event stream that passes, in either dialect, and knows by the position in it what may be added without harm: a
 * comment between two events, and one {@code error} event at its end. The upstream cuts its stream into pieces anywhere, so
 * that its bytes are read. A translation makes whole events and reports the last one, so that nothing is read a second time.
 *
 * <p>One thread at a time.
 */
public final class EventStreamGuard {
    /** Longer than any field name and value that matters. */
    private static final int PREFIX = 40;

    private static final byte[] COMMENT = ascii(": keep-alive\n\n");
    private static final byte[] NOTHING = {};

    /** Reads the stream; null where it comes in whole events. */
    private final @Nullable SseReader reader;

    private boolean terminated;

    private EventStreamGuard(boolean inBytes) {
        reader = inBytes ? SseReader.skipping(PREFIX, 0, new LastEvents()) : null;
    }

    public static EventStreamGuard inBytes() {
        return new EventStreamGuard(true);
    }

    public static EventStreamGuard inWholeEvents() {
        return new EventStreamGuard(false);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public void follow(byte[] piece) {
        if (reader != null) {
            reader.feedUnlimited(piece, 0, piece.length);
        }
    }

    /** Follows the piece with the last event of a translation; bytes show their end themselves. */
    public void followLast(byte[] piece) {
        follow(piece);
        terminated |= reader == null;
    }

    public boolean betweenEvents() {
        return reader == null || reader.betweenEvents();
    }

    boolean withinLine() {
        return reader != null && reader.withinLine();
    }

    boolean terminated() {
        return terminated;
    }

    /**
     * Whether the stream, if it ends properly here, has had its last event. This includes a last event without an empty
     * line after it, which some servers and clients treat as complete.
     */
    public boolean terminatedAtEnd() {
        return terminated || reader != null && reader.isNamedLast() && reader.hasData();
    }

    /** A comment, which shows both ends that the stream lives; empty where it would disturb an event. */
    public byte[] comment() {
        return awaitsEvent() ? COMMENT : NOTHING;
    }

    /** Whether an event may follow here: the stream is between two, and has not had its last one. */
    public boolean awaitsEvent() {
        return betweenEvents() && !terminated;
    }

    /**
     * The event that ends a broken stream; empty when the stream has had its last event. Within an event its lines go into
     * that same event, so that no client takes half an event for a whole one.
     *
     * @param error in the client's dialect, on one line
     */
    public byte[] fail(byte[] error) {
        if (terminated) {
            return NOTHING;
        }
        byte[] begin = ascii(withinLine() ? "\nevent: error\ndata: " : "event: error\ndata: ");
        var event = ByteBuffer.allocate(begin.length + error.length + 2);
        event.put(begin).put(error).put((byte) '\n').put((byte) '\n');
        return event.array();
    }

    /** Only the names of events count, and whether they have data at all. */
    private final class LastEvents implements SseReader.Listener {
        @Override
        public boolean named(byte[] b, int from, int to) {
            return EventType.isLast(b, from, to);
        }

        @Override
        public void event(byte[] none, int from, int to) {
            skipped();
        }

        @Override
        public void skipped() {
            terminated |= reader != null && reader.isNamedLast();
        }
    }
}
