package dev.warder.proxy;

import dev.warder.sse.EventStreamTransformer;
import dev.warder.sse.SseTap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An event stream that passes byte for byte: knows where it stands, and so what may be added to it without harm, a comment
 * between two events, and one {@code error} event at its end.
 *
 * <p>One thread at a time: guarded by the exchange's lock.
 */
final class EventStreamGuard implements EventStreamTransformer {
    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};

    private final SseTap tap = new SseTap();
    private boolean ended;

    @Override
    public byte[] feed(byte[] piece) {
        tap.follow(ByteBuffer.wrap(piece));
        return piece;
    }

    @Override
    public byte[] end() {
        ended = true;
        return NOTHING;
    }

    @Override
    public boolean terminated() {
        return ended ? tap.terminatedAtEnd() : tap.terminated();
    }

    @Override
    public boolean failed() {
        return false;
    }

    @Override
    public byte[] comment() {
        return tap.betweenEvents() && !tap.terminated() ? COMMENT : NOTHING;
    }

    /** Within an event its lines go into that same event, so that nobody takes half an event for a whole one. */
    @Override
    public byte[] fail(byte[] error) {
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
