package dev.warder.response;

import dev.warder.sse.LastEvent;
import dev.warder.sse.SseTap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The last stage of an event stream, in either dialect: knows the position in the stream, and so what may be added to it
 * without harm, a comment between two events, and one {@code error} event at its end.
 *
 * <p>One thread at a time: guarded by the relay's lock.
 */
final class EventStreamGuard {
    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};

    private final SseTap tap;

    /** @param last the event that ends the stream as it should end */
    EventStreamGuard(LastEvent last) {
        this.tap = new SseTap(last);
    }

    /** Follows a piece that goes to the client. */
    void follow(byte[] piece) {
        tap.follow(ByteBuffer.wrap(piece));
    }

    /** Whether the stream, if it ends here, has had its last event, with the empty line that ends it or without. */
    boolean terminatedAtEnd() {
        return tap.terminatedAtEnd();
    }

    /** A comment, which shows both ends that the stream lives; empty where it would disturb an event. */
    byte[] comment() {
        return awaitsEvent() ? COMMENT : NOTHING;
    }

    /** Whether an event may follow here: the stream is between two, and has not had its last one. */
    boolean awaitsEvent() {
        return tap.betweenEvents() && !tap.terminated();
    }

    /**
     * The event that ends a broken stream; empty when the stream has had its last event. Within an event its lines go into
     * that same event, so that no client takes half an event for a whole one.
     *
     * @param error in the client's dialect, on one line
     */
    byte[] fail(byte[] error) {
        if (tap.terminated()) {
            return NOTHING;
        }
        byte[] begin = (tap.withinLine() ? "\nevent: error\ndata: " : "event: error\ndata: ")
                .getBytes(StandardCharsets.US_ASCII);
        var event = ByteBuffer.allocate(begin.length + error.length + 2);
        event.put(begin).put(error).put((byte) '\n').put((byte) '\n');
        return event.array();
    }
}
