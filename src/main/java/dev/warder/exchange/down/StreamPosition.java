package dev.warder.exchange.down;

import dev.warder.stream.EventType;
import dev.warder.stream.SseTap;
import java.nio.ByteBuffer;

/**
 * The position at the end of an event stream so far, on which it depends what may be added to the stream. The upstream
 * cuts its stream into pieces anywhere, so that its bytes are read. A translation makes whole events and reports the last
 * one, so that nothing is read a second time.
 *
 * <p>One thread at a time.
 */
public interface StreamPosition {
    /** The position in a message's stream of bytes, which are read. */
    static StreamPosition inBytes() {
        return new BytePosition();
    }

    static StreamPosition inWholeEvents() {
        return new EventPosition();
    }

    void follow(byte[] piece);

    void followLast(byte[] piece);

    boolean betweenEvents();

    boolean withinLine();

    boolean terminated();

    /** The same for a stream that ends here: its last event may lack the empty line that ends it. */
    boolean terminatedAtEnd();

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

    /**
     * The position in a stream whose pieces are whole events: always between two events, or at the end. One thread at a
     * time.
     */
    final class EventPosition implements StreamPosition {
        private boolean terminated;

        @Override
        public void follow(byte[] wholeEvents) {}

        @Override
        public void followLast(byte[] wholeEvents) {
            terminated = true;
        }

        @Override
        public boolean betweenEvents() {
            return true;
        }

        @Override
        public boolean withinLine() {
            return false;
        }

        @Override
        public boolean terminated() {
            return terminated;
        }

        @Override
        public boolean terminatedAtEnd() {
            return terminated;
        }
    }
}
