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

    /** A period for which no node has asked. */
    static PeriodRow of(PeriodKey key) {
        return new PeriodRow(key, Optional.empty(), 0, false, 0, false, 0, 0, 0, 0);
    }

    /** What may still be reserved below a cap, such as this row's. */
    long roomBelow(long limit) {
        return Math.max(0, limit - spent - overage - unknown - leased);
    }

    /** With the cap of the policy of this request, if it has the highest version. */
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

    /** With what was spent before there was a row. */
    PeriodRow open(long before) {
        return new PeriodRow(
                key, end, cap, enforced, version, true, Math.addExact(spent, before), overage, unknown, leased);
    }

    /** With more reserved, or less if it is negative. */
    PeriodRow lease(long more) {
        return amounts(spent, overage, unknown, leased + more);
    }

    /** With a lease as it is after a change of what is leased and unknown. */
    PeriodRow replace(LeaseRow before, LeaseRow after) {
        return amounts(
                spent,
                overage,
                unknown + after.unknown() - before.unknown(),
                leased + after.leased() - before.leased());
    }

    /** Reserved money was spent. */
    PeriodRow spendLeased(long nanos) {
        return amounts(spent + nanos, overage, unknown, leased - nanos);
    }

    /** Money that counted as unknown was spent. */
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
