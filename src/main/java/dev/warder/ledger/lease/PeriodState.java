package dev.warder.ledger.lease;

/**
 * The sums of all nodes for a period, spent and reserved, at the moment at which it was read. All amounts are
 * nano-dollars. Immutable.
 *
 * @param cap the amount of the budget in the highest version of the policy of all nodes
 * @param enforced whether that version enforces it
 * @param spent what was spent within the cap
 * @param overage what was spent above the cap
 * @param unknown what killed nodes had reserved, and perhaps spent
 * @param leased what live nodes have reserved and not spent
 */
public record PeriodState(long cap, boolean enforced, long spent, long overage, long unknown, long leased) {
    /** The amount that may still be reserved; 0 if the cap is reached or exceeded. */
    public long free() {
        return Math.max(0, cap - spent - overage - unknown - leased);
    }
}
