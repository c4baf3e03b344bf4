package dev.warder.upload;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * When an exchange has waited too long, and for whom. Times are nanoseconds of a clock that never goes back. While the whole
 * program is stopped, upstream and client are not late: what they sent meanwhile can only be read afterwards.
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
    private final LongUnaryOperator withoutPauses;
    private volatile long firstByte;
    private volatile long upstreamMoved;
    private volatile long clientMoved;
    private volatile long sent;
    private volatile long eventSent;

    /**
     * @param keepAlive silence before a comment, zero for none
     * @param withoutPauses gives the same moment on a clock that does not go on while the whole program is stopped
     */
    public Deadlines(Timeouts timeouts, Duration keepAlive, LongUnaryOperator withoutPauses, long now) {
        this.timeouts = timeouts;
        this.keepAlive = keepAlive.toNanos();
        this.withoutPauses = withoutPauses;
        this.firstByte = timeouts.firstByte(false).toNanos();
        upstreamMoved(now);
        clientMoved(now);
        this.sent = now;
        this.eventSent = now;
    }

    /** The caller asked for a stream: its first byte may be expected sooner. */
    void streaming() {
        firstByte = timeouts.firstByte(true).toNanos();
    }

    /** The upstream took or sent bytes, or it has become its turn. */
    public void upstreamMoved(long now) {
        upstreamMoved = withoutPauses.applyAsLong(now);
    }

    /** The client took something, or nothing waits for it. */
    public void clientMoved(long now) {
        clientMoved = withoutPauses.applyAsLong(now);
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
        return withoutPauses.applyAsLong(now) - upstreamMoved > firstByte;
    }

    public boolean upstreamIdle(long now) {
        return withoutPauses.applyAsLong(now) - upstreamMoved > timeouts.idle().toNanos();
    }

    public boolean upstreamSilent(long now, Duration patience) {
        return withoutPauses.applyAsLong(now) - upstreamMoved > patience.toNanos();
    }

    public boolean clientStalled(long now) {
        return withoutPauses.applyAsLong(now) - clientMoved
                > timeouts.clientWrite().toNanos();
    }

    public boolean commentDue(long now) {
        return keepAlive > 0 && now - sent > keepAlive;
    }
}
