package dev.warder.ratelimit;

import java.util.concurrent.TimeUnit;

/**
 * What was used of a limit in the last 10 to 20 s, so that a node keeps as much for the next requests. Not thread-safe: {@link
 * Limits} has the lock.
 */
final class Recent {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private long since;
    private double before;
    private double current;

    Recent(long now) {
        since = now;
    }

    /** This amount was used in addition. */
    void add(double amount, long now) {
        roll(now);
        current += amount;
    }

    /** This amount is used at the same time. */
    void reach(double amount, long now) {
        roll(now);
        current = Math.max(current, amount);
    }

    /** The most of the last two periods. */
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
