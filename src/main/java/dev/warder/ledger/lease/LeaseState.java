package dev.warder.ledger.lease;

import dev.warder.ledger.store.PeriodKey;

/**
 * A period and a run's lease of it, after a reservation. All amounts are nano-dollars. Immutable.
 *
 * @param granted what the run has reserved since its start, less what it gave back; what its stored rows cost above that is
 *     part of it. 0 for a budget that was never enforced
 * @param drawn what stored rows of the run have cost; 0 for a budget that was never enforced
 * @param cap the amount of the budget in the highest version of the policy of all nodes
 * @param spent what was spent within the cap, by all runs
 * @param overage what was spent above the cap
 * @param unknown what killed runs had reserved, and perhaps spent
 * @param leased what all live runs have reserved and not spent, this one too
 * @param othersWait whether another run waits for more than it has, and no request of this run waits longer
 */
public record LeaseState(
        PeriodKey key,
        long granted,
        long drawn,
        long cap,
        long spent,
        long overage,
        long unknown,
        long leased,
        boolean othersWait) {
    public boolean isLeasedElsewhere() {
        return leased > granted - drawn;
    }
}
