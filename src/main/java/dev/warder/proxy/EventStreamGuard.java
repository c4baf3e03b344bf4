package dev.warder.proxy;

import dev.warder.sse.SseTap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Knows where the event stream stands that has been queued for a client, and so what may be added to it without harm: a
 * comment between two events, and one {@code error} event at its end.
 *
 * <p>One thread at a time: guarded by the exchange's lock.
 */
final class EventStreamGuard {
    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};

    private final SseTap tap = new SseTap();
    private boolean following;

    /** From now on the answer is an event stream. */
    void follow() {
        following = true;
    }

    void queued(byte[] piece) {
        if (following) {
            tap.follow(ByteBuffer.wrap(piece));
        }
    }

    /** A comment that tells both ends that the stream lives; empty where it would disturb an event. */
    byte[] comment() {
        return following && tap.betweenEvents() && !tap.terminated() ? COMMENT : NOTHING;
    }

    /** Whether the stream, if the upstream ends it here, has come to its proper end. */
    boolean terminatedAtEnd() {
        return tap.terminatedAtEnd();
    }

    /**
     * The {@code error} event that ends a stream that broke. Within an event its lines go into that same event, whose name
     * becomes {@code error}, so that nobody takes half an event for a whole one. Empty when the stream had ended properly.
     *
     * @param json the error, one line
     */
    byte[] error(byte[] json) {
        if (tap.terminated()) {
            return NOTHING;
        }
        byte[] begin = (tap.withinLine() ? "\nevent: error\ndata: " : "event: error\ndata: ")
                .getBytes(StandardCharsets.US_ASCII);
        var event = ByteBuffer.allocate(begin.length + json.length + 2);
        event.put(begin).put(json).put((byte) '\n').put((byte) '\n');
        return event.array();
    }
}
