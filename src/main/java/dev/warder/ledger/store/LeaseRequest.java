package dev.warder.ledger.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A run's need in a period. All amounts are nano-dollars, not negative. Immutable.
 *
 * @param edge the part of the cap that only running requests may use
 * @param opening what was spent before the period had a row
 * @param least what running requests need {@linkplain LeaseState#granted granted}: what the run has spent since its
 *     start, and what its requests hold now; granted up to the cap, and given back by other runs before anything else if
 *     there is not enough
 * @param wanted what the run would like, at least {@code least}: granted up to the cap less the edge. If the run has
 *     more, it gives the rest back, as far as it is not spent
 * @param line requests of the run that wait, for more than {@code least}: runs whose oldest request waits for a shorter time
 *     get no more than {@code least} until this one has enough
 */
public record LeaseRequest(PeriodKey key, Terms terms, long edge, Opening opening, long least, long wanted, Line line) {
    /**
     * The terms of a budget in the policy of a node.
     *
     * @param end the first instant after the window; empty for a budget that never begins again
     * @param cap the amount of the budget
     * @param enforced whether the cap is a limit; if not, nothing is reserved
     * @param version of the policy: the highest of all nodes decides about the cap; 0 before any
     */
    public record Terms(Optional<Instant> end, long cap, boolean enforced, long version) {}

    public LeaseRequest {
        if (terms.cap() < 0 || edge < 0 || terms.version() < 0 || least < 0 || wanted < least) {
            throw new IllegalArgumentException("an amount of a lease is out of range");
        }
    }
}
