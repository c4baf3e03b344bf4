package dev.warder.budget.lease;

import dev.warder.ledger.store.PeriodKey;
import java.time.Instant;
import java.util.Optional;

/**
 * What a run needs of a period. All amounts are nano-dollars, not negative. Immutable.
 *
 * @param end the first instant after the window; empty for a budget that never begins again
 * @param cap the amount of the budget in the policy of this node
 * @param edge the part of the cap that only running requests may use
 * @param enforced whether the cap is a limit; if not, nothing is reserved
 * @param policyVersion the version of the node's policy: the highest of all nodes decides about the cap
 * @param opening what was spent before the period had a row
 * @param least what running requests need {@linkplain LeaseState#granted granted}: what the run has spent since its start, and
 *     what its requests hold now; granted up to the cap
 * @param wanted what the run would like, at least {@code least}: granted up to the cap less the edge. If the run has
 *     more, it gives the rest back, as far as it is not spent
 * @param waits whether requests of the run wait for {@code wanted}: other runs that asked later get no more than they need
 *     until this one has it
 * @param gives whether the run uses only {@code least} of what it has, and gives the rest back although it waits
 */
public record LeaseRequest(
        PeriodKey key,
        Optional<Instant> end,
        long cap,
        long edge,
        boolean enforced,
        long policyVersion,
        Opening opening,
        long least,
        long wanted,
        boolean waits,
        boolean gives) {
    /** Refuses negative amounts, and less wanted than needed. */
    public LeaseRequest {
        if (cap < 0 || edge < 0 || policyVersion < 0 || least < 0 || wanted < least) {
            throw new IllegalArgumentException("an amount of a lease is out of range");
        }
    }
}
