package dev.warder.ledger.lease;

import dev.warder.ledger.lease.LeaseRequest.Terms;
import dev.warder.ledger.store.PeriodKey;
import java.util.Optional;
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
    static PeriodRow of(PeriodKey key) {
        return new PeriodRow(key, new Terms(Optional.empty(), 0, false, 0), false, 0, 0, 0, 0);
    }

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

    PeriodRow lease(long more) {
        return with(spent, overage, unknown, leased + more);
    }

    PeriodRow replace(LeaseRow before, LeaseRow after) {
        return with(
                spent,
                overage,
                unknown + after.unknown() - before.unknown(),
                leased + after.leased() - before.leased());
    }

    PeriodRow spendLeased(long nanos) {
        return with(spent + nanos, overage, unknown, leased - nanos);
    }

    PeriodRow spendUnknown(long nanos) {
        return with(spent + nanos, overage, unknown - nanos, leased);
    }

    /** Money was spent that was not reserved: within the cap as far as there is room. */
    PeriodRow spend(long nanos) {
        long within = terms.enforced() ? Math.min(nanos, roomBelow(terms.cap())) : nanos;
        return with(Math.addExact(spent, within), Math.addExact(overage, nanos - within), unknown, leased);
    }

    private PeriodRow with(long newSpent, long newOverage, long newUnknown, long newLeased) {
        return new PeriodRow(key, terms, opened, newSpent, newOverage, newUnknown, newLeased);
    }
}
