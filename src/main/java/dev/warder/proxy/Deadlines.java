package dev.warder.proxy;

import java.time.Duration;

/**
 * When an exchange has waited too long, and for whom. Times are nanoseconds of a clock that never goes back.
 *
 * <p>Written by the threads that bring news and read by the timer; each field is volatile and stands alone.
 */
final class Deadlines {
    private final Timeouts timeouts;
    private final long keepAlive;
    private volatile long firstByte;
    private volatile long upstreamMoved;
    private volatile long clientMoved;
    private volatile long told;

    /** @param keepAlive silence before a comment, zero for none */
    Deadlines(Timeouts timeouts, Duration keepAlive, long now) {
        this.timeouts = timeouts;
        this.keepAlive = keepAlive.toNanos();
        this.firstByte = timeouts.firstByte(false).toNanos();
        this.upstreamMoved = now;
        this.clientMoved = now;
        this.told = now;
    }

    /** The caller asked for a stream: its first byte may be expected sooner. */
    void streaming() {
        firstByte = timeouts.firstByte(true).toNanos();
    }

    /** The upstream took or sent bytes, or it has become its turn. */
    void upstreamMoved(long now) {
        upstreamMoved = now;
    }

    /** The client took something, or nothing waits for it. */
    void clientMoved(long now) {
        clientMoved = now;
    }

    /** The client got something, if only a comment. */
    void told(long now) {
        told = now;
    }

    boolean firstByteOverdue(long now) {
        return now - upstreamMoved > firstByte;
    }

    boolean upstreamIdle(long now) {
        return now - upstreamMoved > timeouts.idle().toNanos();
    }

    boolean upstreamSilent(long now, Duration patience) {
        return now - upstreamMoved > patience.toNanos();
    }

    boolean clientStalled(long now) {
        return now - clientMoved > timeouts.clientWrite().toNanos();
    }

    boolean commentDue(long now) {
        return keepAlive > 0 && now - told > keepAlive;
    }
}
