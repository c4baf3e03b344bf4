package dev.warder.ledger.lease;

import dev.warder.ledger.store.PeriodKey;
import java.time.Instant;
import java.util.Optional;

/**
 * A row of {@code warder_budget_period}. Immutable.
 *
 * @param end empty also while it is not known
 * @param version of the policy that has the cap; 0 before any
 * @param opened whether what was spent before the row was made is part of {@code spent}
 * @param spent what was spent within the cap
 * @param overage what was spent above it
 * @param unknown what killed runs had reserved, and perhaps spent
 * @param leased what live runs have reserved
 */
record PeriodRow(
        PeriodKey key,
        Optional<Instant> end,
        long cap,
        boolean enforced,
        long version,
        boolean opened,
        long spent,
        long overage,
        long unknown,
        long leased) {

    static PeriodRow of(PeriodKey key) {
        return new PeriodRow(key, Optional.empty(), 0, false, 0, false, 0, 0, 0, 0);
    }

    long roomBelow(long limit) {
        return Math.max(0, limit - spent - overage - unknown - leased);
    }

    PeriodRow adopt(LeaseRequest request) {
        return request.policyVersion() < version
                ? this
                : new PeriodRow(
                        key,
                        request.end(),
                        request.cap(),
                        request.enforced(),
                        request.policyVersion(),
                        opened,
                        spent,
                        overage,
                        unknown,
                        leased);
    }

    PeriodRow open(long before) {
        return new PeriodRow(
                key, end, cap, enforced, version, true, Math.addExact(spent, before), overage, unknown, leased);
    }

    PeriodRow lease(long more) {
        return amounts(spent, overage, unknown, leased + more);
    }

    PeriodRow replace(LeaseRow before, LeaseRow after) {
        return amounts(
                spent,
                overage,
                unknown + after.unknown() - before.unknown(),
                leased + after.leased() - before.leased());
    }

    PeriodRow spendLeased(long nanos) {
        return amounts(spent + nanos, overage, unknown, leased - nanos);
    }

    PeriodRow spendUnknown(long nanos) {
        return amounts(spent + nanos, overage, unknown - nanos, leased);
    }

    /** Money was spent that was not reserved: within the cap as far as there is room. */
    PeriodRow spend(long nanos) {
        long within = enforced ? Math.min(nanos, roomBelow(cap)) : nanos;
        return amounts(Math.addExact(spent, within), Math.addExact(overage, nanos - within), unknown, leased);
    }

    private PeriodRow amounts(long newSpent, long newOverage, long newUnknown, long newLeased) {
        return new PeriodRow(key, end, cap, enforced, version, opened, newSpent, newOverage, newUnknown, newLeased);
    }
}
