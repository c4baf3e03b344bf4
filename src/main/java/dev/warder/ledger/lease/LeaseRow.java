package dev.warder.ledger.lease;

import dev.warder.ledger.store.PeriodKey;
import java.util.UUID;
import org.jdbi.v3.core.mapper.Nested;

/**
 * A row of {@code warder_lease}. Immutable.
 *
 * @param granted what was reserved since the start of the run, less what it gave back itself
 * @param drawn what of that was spent by stored rows
 * @param unknown what of the rest may have been spent, if the run was killed
 * @param live whether the run may use it; not after it was thought dead
 * @param waits what it waits for in addition
 */
public record LeaseRow(
        UUID run, @Nested PeriodKey key, long granted, long drawn, long unknown, boolean live, @Nested Wait waits) {
    static final int AS_STORED = -1;

    /** No request waits for an hour. */
    static final int BEFORE_ALL = 3_600_000;

    /**
     * What a run waits for.
     *
     * @param nanos how much more; 0 if it does not wait
     * @param millis since how many milliseconds; {@link #AS_STORED} if that does not change the time since which it waits
     */
    public record Wait(long nanos, int millis) {
        static final Wait NONE = new Wait(0, AS_STORED);
    }

    static LeaseRow of(UUID run, PeriodKey key) {
        return new LeaseRow(run, key, 0, 0, 0, true, Wait.NONE);
    }

    long rest() {
        return granted - drawn;
    }

    /**
     * With this granted. It waits for what it has not: for running requests before all others.
     *
     * @param least what running requests need
     * @param line what others wait for in addition
     */
    LeaseRow grant(long newGranted, long least, Line line) {
        long missing = Math.max(0, least + line.nanos() - newGranted);
        int sinceWhen = newGranted < least ? BEFORE_ALL : line.millis();
        var newWait = missing > 0 ? new Wait(missing, sinceWhen) : Wait.NONE;
        return new LeaseRow(run, key, newGranted, drawn, unknown, live, newWait);
    }

    /** The reserved part of this cost: as granted, or as unknown, which an operator may have set free. */
    long covers(long nanos) {
        return Math.min(nanos, live ? rest() : unknown);
    }

    LeaseRow draw(long nanos) {
        long newUnknown = live ? unknown : unknown - covers(nanos);
        long newDrawn = drawn + nanos;
        var stored = new Wait(waits.nanos(), AS_STORED);
        return new LeaseRow(run, key, Math.max(granted, newDrawn), newDrawn, newUnknown, live, stored);
    }

    LeaseRow reap() {
        return reap(Long.MAX_VALUE);
    }

    LeaseRow reap(long held) {
        long newUnknown = Math.min(held, live ? rest() : unknown);
        return new LeaseRow(run, key, granted, drawn, newUnknown, false, Wait.NONE);
    }

    long leased() {
        return live ? rest() : 0;
    }

    LeaseRow end() {
        return new LeaseRow(run, key, drawn, drawn, unknown, live, Wait.NONE);
    }
}
