package dev.warder.budget.account;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** What was spent in the last minute, in steps of ten seconds. Not thread-safe. */
final class SpendingRate {
    private static final int STEPS = 6;
    private static final long STEP = TimeUnit.SECONDS.toNanos(10);

    private final long[] spent = new long[STEPS];
    private long newest = Long.MIN_VALUE;

    /** @param now the time of a clock that never goes back */
    void add(long nanoDollars, long now) {
        moveTo(now);
        spent[slot(newest)] += nanoDollars;
    }

    /** A sixth of what was spent in the last minute: nano-dollars in ten seconds. */
    long tenSeconds(long now) {
        moveTo(now);
        long sum = 0;
        for (long each : spent) {
            sum += each;
        }
        return sum / STEPS;
    }

    private void moveTo(long now) {
        long step = Math.floorDiv(now, STEP);
        if (newest == Long.MIN_VALUE || step - newest >= STEPS) {
            Arrays.fill(spent, 0);
            newest = step;
        }
        while (newest < step) {
            newest++;
            spent[slot(newest)] = 0;
        }
    }

    private static int slot(long step) {
        return (int) Math.floorMod(step, (long) STEPS);
    }
}
