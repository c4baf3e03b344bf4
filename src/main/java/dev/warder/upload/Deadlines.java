package dev.warder.upload;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When an exchange has waited too long, and for whom. Times are nanoseconds of a clock that never goes back.
 *
 * <p>Written by the threads that bring news and read by the timer; each field is volatile and independent.
 */
public final class Deadlines {
    /** This many comments in a row may stand for one event (rule "Silence of a translated stream"). */
    private static final int COMMENTS = 8;

    /** The longest silence without an event, whatever {@code stream.keepAlive} is. */
    private static final long LONGEST_SILENCE = TimeUnit.SECONDS.toNanos(120);

    private final Timeouts timeouts;
    private final long keepAlive;
    private volatile long firstByte;
    private volatile long upstreamMoved;
    private volatile long clientMoved;
    private volatile long sent;
    private volatile long eventSent;

    /** @param keepAlive silence before a comment, zero for none */
    public Deadlines(Timeouts timeouts, Duration keepAlive, long now) {
        this.timeouts = timeouts;
        this.keepAlive = keepAlive.toNanos();
        this.firstByte = timeouts.firstByte(false).toNanos();
        this.upstreamMoved = now;
        this.clientMoved = now;
        this.sent = now;
        this.eventSent = now;
    }

    /** The caller asked for a stream: its first byte may be expected sooner. */
    void streaming() {
        firstByte = timeouts.firstByte(true).toNanos();
    }

    /** The upstream took or sent bytes, or it has become its turn. */
    public void upstreamMoved(long now) {
        upstreamMoved = now;
    }

    /** The client took something, or nothing waits for it. */
    public void clientMoved(long now) {
        clientMoved = now;
    }

    /** The client got something, if only a comment. */
    public void sent(long now) {
        sent = now;
    }

    /** The client got an event of a translated stream, or there is none to send. */
    public void eventSent(long now) {
        eventSent = now;
    }

    /** Whether a translated stream has had no event for so long that clients may give it up, in spite of comments. */
    public boolean eventDue(long now) {
        long most = keepAlive > 0 ? Math.min(COMMENTS * keepAlive, LONGEST_SILENCE) : LONGEST_SILENCE;
        return now - eventSent > most;
    }

    public boolean firstByteOverdue(long now) {
        return now - upstreamMoved > firstByte;
    }

    public boolean upstreamIdle(long now) {
        return now - upstreamMoved > timeouts.idle().toNanos();
    }

    public boolean upstreamSilent(long now, Duration patience) {
        return now - upstreamMoved > patience.toNanos();
    }

    public boolean clientStalled(long now) {
        return now - clientMoved > timeouts.clientWrite().toNanos();
    }

    public boolean commentDue(long now) {
        return keepAlive > 0 && now - sent > keepAlive;
    }
}
