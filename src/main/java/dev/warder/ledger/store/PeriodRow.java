package dev.warder.ledger.store;

import dev.warder.ledger.store.LeaseRequest.Terms;
import org.jdbi.v3.core.mapper.Nested;

/**
 * A row of {@code warder_budget_period}. Immutable.
 *
 * @param terms those of the highest version of the policy; without an end also while it is not known
 * @param opened whether what was spent before the row was made is part of {@code spent}
 * @param spent what was spent within the cap
 * @param overage what was spent above it
 * @param unknown what killed runs had reserved, and perhaps spent
 * @param leased what live runs have reserved
 */
public record PeriodRow(
        @Nested PeriodKey key,
        @Nested Terms terms,
        boolean opened,
        long spent,
        long overage,
        long unknown,
        long leased) {
    Amounts amounts() {
        return new Amounts(terms.cap(), spent, overage, leased, unknown);
    }

    long roomBelow(long limit) {
        return Math.max(0, limit - amounts().taken());
    }

    PeriodRow adopt(Terms current) {
        return current.version() < terms.version()
                ? this
                : new PeriodRow(key, current, opened, spent, overage, unknown, leased);
    }

    PeriodRow open(long before) {
        return new PeriodRow(key, terms, true, Math.addExact(spent, before), overage, unknown, leased);
    }

    PeriodRow replace(LeaseRow before, LeaseRow after) {
        long newUnknown = unknown + after.unknown() - before.unknown();
        return new PeriodRow(key, terms, opened, spent, overage, newUnknown, leased + after.leased() - before.leased());
    }

    /** Money was spent of which this part was reserved until now: the rest is within the cap as far as there is room. */
    PeriodRow spend(long nanos, long reserved) {
        long room = terms.enforced() ? roomBelow(terms.cap() - reserved) : nanos;
        long within = reserved + Math.min(nanos - reserved, room);
        long newOverage = Math.addExact(overage, nanos - within);
        return new PeriodRow(key, terms, opened, Math.addExact(spent, within), newOverage, unknown, leased);
    }
}
