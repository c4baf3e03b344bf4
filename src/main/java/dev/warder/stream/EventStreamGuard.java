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

    private static final byte[] DATA = ascii("data");
    private static final byte[] DATA_VALUE = ascii("data:");
    private static final byte[] EVENT = ascii("event");
    private static final byte[] COMMENT = ascii(": keep-alive\n\n");
    private static final byte[] NOTHING = {};

    /** Cuts the stream into lines; null where it comes in whole events. */
    private final @Nullable SseLines lines;

    private boolean inEvent;
    private boolean hasData;
    private boolean lastName;
    private boolean terminated;

    private EventStreamGuard(boolean inBytes) {
        lines = inBytes ? new SseLines(PREFIX, PREFIX, Long.MAX_VALUE, this::line) : null;
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
        if (lines != null) {
            lines.feedUnlimited(piece, 0, piece.length);
        }
    }

    /** Follows the piece with the last event of a translation; bytes show their end themselves. */
    public void followLast(byte[] piece) {
        follow(piece);
        terminated |= lines == null;
    }

    public boolean betweenEvents() {
        return !inEvent && !withinLine();
    }

    boolean withinLine() {
        return lines != null && lines.withinLine();
    }

    boolean terminated() {
        return terminated;
    }

    /**
     * Whether the stream, if it ends properly here, has had its last event. This includes a last event without an empty
     * line after it, which some servers and clients treat as complete.
     */
    public boolean terminatedAtEnd() {
        boolean inData = lines != null && lines.openLineBeginsWith(DATA_VALUE);
        return terminated || (hasData || inData) && lastName;
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

    private void line(byte[] b, int from, int to) {
        if (from == to) {
            terminated |= hasData && lastName;
            inEvent = false;
            hasData = false;
            lastName = false;
        } else if (b[from] != ':') {
            inEvent = true;
            field(b, from, to);
        }
    }

    private void field(byte[] b, int from, int to) {
        if (SseReader.isField(b, from, to, DATA)) {
            hasData = true;
        } else if (SseReader.isField(b, from, to, EVENT)) {
            lastName = EventType.isLast(b, SseReader.valueFrom(b, from + EVENT.length, to), to);
        }
    }
}
