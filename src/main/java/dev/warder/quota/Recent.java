package dev.warder.quota;

import java.util.concurrent.TimeUnit;

/**
 * An amount of the last 10 to 20 seconds: the larger one of the present period and the one before. Not thread-safe: {@link Quota} has
 * the lock.
 */
final class Recent {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private long since;
    private double before;
    private double current;

    /** @param now the time of a clock that never goes back */
    Recent(long now) {
        since = now;
    }

    void add(double more, long now) {
        roll(now);
        current += more;
    }

    void reach(double amount, long now) {
        roll(now);
        current = Math.max(current, amount);
    }

    double most(long now) {
        roll(now);
        return Math.max(before, current);
    }

    private void roll(long now) {
        if (now - since >= PERIOD_NANOS) {
            long periods = (now - since) / PERIOD_NANOS;
            before = periods == 1 ? current : 0;
            current = 0;
            since += periods * PERIOD_NANOS;
        }
    }
}
