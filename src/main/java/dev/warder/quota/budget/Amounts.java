package dev.warder.quota.budget;

/**
 * The numbers of a budget in one window of its period, of all nodes. All are nano-dollars, and at least 0. Immutable.
 *
 * @param amount what may be spent
 * @param spent what was spent within the amount
 * @param overage what was spent above it
 * @param reserved what nodes have reserved for requests, and not spent
 * @param unknown what nodes had reserved that were killed, and perhaps spent
 */
public record Amounts(long amount, long spent, long overage, long reserved, long unknown) {
    public long allSpent() {
        return spent + overage;
    }

    public long taken() {
        return allSpent() + reserved + unknown;
    }

    public long free() {
        return Math.max(0, amount - taken());
    }

    /** The taken part of the amount: 0 for nothing, 1 for all of it and for an amount of 0, and more for overage. */
    public double fullness() {
        return amount == 0 ? Math.max(1, taken()) : (double) taken() / amount;
    }
}
