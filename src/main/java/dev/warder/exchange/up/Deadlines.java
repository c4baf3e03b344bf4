package dev.warder.exchange.up;

import java.time.Duration;

/**
 * When an exchange has waited too long, and for whom. Times are nanoseconds of a clock that never goes back, and
 * goes on only while the program runs.
 *
 * <p>Written by the threads that bring news and read by the timer; each field is volatile and independent.
 */
public final class Deadlines {
    private final Timeouts timeouts;
    private volatile long firstByte;
    private volatile long upstreamMoved;
    private volatile long clientMoved;

    public Deadlines(Timeouts timeouts, long now) {
        this.timeouts = timeouts;
        this.firstByte = timeouts.firstByte(false).toNanos();
        this.upstreamMoved = now;
        this.clientMoved = now;
    }

    /** The caller asked for a stream: its first byte may be expected sooner. */
    void streaming() {
        firstByte = timeouts.firstByte(true).toNanos();
    }

    /** The upstream took or sent bytes, or it has become its turn. */
    public void upstreamMoved(long now) {
        upstreamMoved = now;
    }

    public void clientMoved(long now) {
        clientMoved = now;
    }

    public boolean firstByteOverdue(long now) {
        return now - upstreamMoved > firstByte;
    }

    public boolean upstreamIdle(long now) {
        return now - upstreamMoved > timeouts.idle().toNanos();
    }

    public boolean upstreamSilent(long now, Duration most) {
        return now - upstreamMoved > most.toNanos();
    }

    public boolean clientStalled(long now) {
        return now - clientMoved > timeouts.clientWrite().toNanos();
    }
}
