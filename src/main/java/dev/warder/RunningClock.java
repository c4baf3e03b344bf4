package dev.warder;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A clock that goes on only while the program runs. What has to come from others in time is measured by it: after a long
 * garbage collection, or when the whole machine was stopped, what came meanwhile is not late, but still to be read.
 *
 * <p>A periodic look keeps it going: of the time between two looks, half a second counts at most. Its times are nanoseconds
 * that are compared with each other only, and never go back. Thread-safe.
 */
final class RunningClock implements LongSupplier {
    /** Twice the longest pause between two looks, see {@link Schedule#sweepMillis}. */
    static final long MOST = Duration.ofMillis(500).toNanos();

    private final LongSupplier nanoTime;
    private volatile Look last;

    /**
     * The last look.
     *
     * @param at its time by the clock that goes on always
     * @param time its time by this clock
     */
    private record Look(long at, long time) {
        long time(long now) {
            // The look may have come after this thread had asked for the time.
            return time + Math.max(0, Math.min(now - at, MOST));
        }
    }

    /** @param nanoTime a clock that never goes back, and goes on always */
    RunningClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        long now = nanoTime.getAsLong();
        this.last = new Look(now, now);
    }

    /** Keeps the clock going; to be called several times a second, by one thread at a time. */
    void look() {
        long now = nanoTime.getAsLong();
        last = new Look(now, last.time(now));
    }

    @Override
    public long getAsLong() {
        // In this order, so that the time of a later look counts in full.
        long now = nanoTime.getAsLong();
        return last.time(now);
    }
}
