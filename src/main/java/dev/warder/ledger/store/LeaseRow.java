package dev.warder.ledger.store;

import java.util.UUID;
import org.jdbi.v3.core.mapper.Nested;

/**
 * A row of {@code warder_lease}. Immutable.
 *
 * @param granted what was reserved since the start of the run, less what it gave back itself
 * @param drawn what of that was spent by stored rows
 * @param unknown what of the rest may have been spent, if the run was killed; 0 before
 * @param live whether the run may use it; not after it was thought dead
 * @param waits what it waits for in addition
 */
public record LeaseRow(
        UUID run, @Nested PeriodKey key, long granted, long drawn, long unknown, boolean live, @Nested Line waits) {
    /** No request waits for an hour. */
    static final int BEFORE_ALL = 3_600_000;

    static LeaseRow none(UUID run, PeriodKey key) {
        return new LeaseRow(run, key, 0, 0, 0, true, Line.NONE);
    }

    long leased() {
        return live ? granted - drawn : 0;
    }

    /** As granted, or as unknown, which an operator may have set free. */
    long reserved() {
        return leased() + unknown;
    }

    /**
     * With this granted. It waits for what it has not: for running requests before all others.
     *
     * @param least what running requests need
     * @param line what others wait for in addition
     */
    LeaseRow grant(long newGranted, long least, Line line) {
        long missing = Math.max(0, least + line.nanos() - newGranted);
        int millis = newGranted < least ? BEFORE_ALL : line.millis();
        var newWait = missing > 0 ? new Line(missing, millis) : Line.NONE;
        return new LeaseRow(run, key, newGranted, drawn, unknown, live, newWait);
    }

    LeaseRow draw(long nanos) {
        long newDrawn = drawn + nanos;
        return new LeaseRow(run, key, Math.max(granted, newDrawn), newDrawn, Math.max(0, unknown - nanos), live, waits);
    }

    /** Taken from a run that holds no more than this. */
    LeaseRow reap(long held) {
        return new LeaseRow(run, key, granted, drawn, Math.min(held, reserved()), false, Line.NONE);
    }

    LeaseRow end() {
        return new LeaseRow(run, key, drawn, drawn, unknown, live, Line.NONE);
    }
}
