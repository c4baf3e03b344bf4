package dev.warder.exchange.down;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The last stage of an event stream, in either dialect: knows by the position in the stream what may be added to it without
 * harm, a comment between two events, and one {@code error} event at its end.
 *
 * <p>One thread at a time: guarded by the relay's lock.
 */
final class EventStreamGuard {
    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};

    private final StreamPosition position;

    EventStreamGuard(StreamPosition position) {
        this.position = position;
    }

    void follow(byte[] piece) {
        position.follow(piece);
    }

    void followLast(byte[] piece) {
        position.followLast(piece);
    }

    boolean terminatedAtEnd() {
        return position.terminatedAtEnd();
    }

    /** A comment, which shows both ends that the stream lives; empty where it would disturb an event. */
    byte[] comment() {
        return awaitsEvent() ? COMMENT : NOTHING;
    }

    /** Whether an event may follow here: the stream is between two, and has not had its last one. */
    boolean awaitsEvent() {
        return position.betweenEvents() && !position.terminated();
    }

    /**
     * The event that ends a broken stream; empty when the stream has had its last event. Within an event its lines go into
     * that same event, so that no client takes half an event for a whole one.
     *
     * @param error in the client's dialect, on one line
     */
    byte[] fail(byte[] error) {
        if (position.terminated()) {
            return NOTHING;
        }
        byte[] begin = (position.withinLine() ? "\nevent: error\ndata: " : "event: error\ndata: ")
                .getBytes(StandardCharsets.US_ASCII);
        var event = ByteBuffer.allocate(begin.length + error.length + 2);
        event.put(begin).put(error).put((byte) '\n').put((byte) '\n');
        return event.array();
    }
}
