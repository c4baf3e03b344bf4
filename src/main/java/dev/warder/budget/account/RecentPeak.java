package dev.warder.budget.account;

import java.time.Duration;

/**
 * The largest value of the last ten to twenty seconds. Requests hold much more than they cost, and for a short time: without this
 * number a node would give back between two requests what the second one needs. Not thread-safe.
 */
final class RecentPeak {
    private static final long WINDOW = Duration.ofSeconds(10).toNanos();

    private long current;
    private long earlier;
    private long since;
    private boolean begun;

    void add(long value) {
        current = Math.max(current, value);
    }

    /**
     * The peak, which is at least the value now.
     *
     * @param now nanoseconds of a clock that never goes back
     */
    long of(long value, long now) {
        add(value);
        if (!begun || now - since >= WINDOW) {
            earlier = begun && now - since < 2 * WINDOW ? current : value;
            current = value;
            since = now;
            begun = true;
        }
        return Math.max(earlier, current);
    }
}
