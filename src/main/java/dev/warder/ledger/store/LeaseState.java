package dev.warder.ledger.store;

/**
 * A period and a run's lease of it, after a reservation. All amounts are nano-dollars. Immutable.
 *
 * @param granted what the run has reserved since its start, less what it gave back; what its stored rows cost above that is
 *     part of it. 0 for a budget that was never enforced
 * @param drawn what stored rows of the run have cost; 0 for a budget that was never enforced
 * @param all the numbers of all runs, this one too
 * @param othersWait whether another run waits for more than it has, and no request of this run waits longer
 */
public record LeaseState(PeriodKey key, long granted, long drawn, Amounts all, boolean othersWait) {
    public boolean isLeasedElsewhere() {
        return all.reserved() > granted - drawn;
    }
}
