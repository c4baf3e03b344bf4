package dev.warder.exchange.down;

import dev.warder.stream.EventType;
import dev.warder.stream.SseTap;
import java.nio.ByteBuffer;

/** The position in a stream that may be cut into pieces anywhere: each byte is read. One thread at a time. */
final class BytePosition implements StreamPosition {
    private final SseTap tap = new SseTap(EventType::isLast);

    @Override
    public void follow(byte[] piece) {
        tap.follow(ByteBuffer.wrap(piece));
    }

    /** The bytes show the end themselves. */
    @Override
    public void followLast(byte[] piece) {
        follow(piece);
    }

    @Override
    public boolean betweenEvents() {
        return tap.betweenEvents();
    }

    @Override
    public boolean withinLine() {
        return tap.withinLine();
    }

    @Override
    public boolean terminated() {
        return tap.terminated();
    }

    @Override
    public boolean terminatedAtEnd() {
        return tap.terminatedAtEnd();
    }
}
