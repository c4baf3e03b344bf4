package dev.warder.exchange;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long a client has received nothing, or nothing but comments. A client counts the time in which this program is stopped,
 * so that the real time counts here too.
 *
 * <p>Written by the threads that send and read by the timer; each field is volatile and independent.
 */
final class ClientSilence {
    /** This many comments in a row may stand for one event (rule "Silence of a translated stream"). */
    private static final int COMMENTS = 8;

    /** The longest silence without an event, whatever {@code stream.keepAlive} is. */
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(120);

    private final long keepAlive;
    private final LongSupplier nanoTime;
    private volatile long sent;
    private volatile long eventSent;

    /**
     * @param keepAlive silence before a comment, zero for none
     * @param nanoTime a clock that never goes back, and goes on always
     */
    ClientSilence(Duration keepAlive, LongSupplier nanoTime) {
        this.keepAlive = keepAlive.toNanos();
        this.nanoTime = nanoTime;
        this.sent = now();
        this.eventSent = now();
    }

    void sent() {
        sent = now();
    }

    void eventSent() {
        eventSent = now();
    }

    boolean eventDue() {
        long most = keepAlive > 0 ? Math.min(COMMENTS * keepAlive, LONGEST) : LONGEST;
        return now() - eventSent > most;
    }

    boolean commentDue() {
        return keepAlive > 0 && now() - sent > keepAlive;
    }

    private long now() {
        return nanoTime.getAsLong();
    }
}
