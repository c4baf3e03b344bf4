package dev.warder.ledger.store;

/**
 * The numbers of a budget in one window of its period, of all nodes, at the moment at which they were read. All are
 * nano-dollars, and at least 0. Immutable.
 *
 * @param amount what may be spent, in the highest version of the policy of all nodes
 * @param spent what was spent within the amount
 * @param overage what was spent above it
 * @param reserved what live nodes have reserved for requests, and not spent
 * @param unknown what nodes had reserved that were killed, and perhaps spent
 */
public record Amounts(long amount, long spent, long overage, long reserved, long unknown) {
    private static final long EDGE_PARTS = 100;

    /** The same numbers with the amount of another version of the policy. */
    public Amounts of(long other) {
        return new Amounts(other, spent, overage, reserved, unknown);
    }

    public long allSpent() {
        return spent + overage;
    }

    public long taken() {
        return allSpent() + reserved + unknown;
    }

    /** The rest that may be reserved; 0 if the amount is reached or exceeded. */
    public long free() {
        return Math.max(0, amount - taken());
    }

    /** The taken part of the amount: 0 for nothing, 1 for all of it and for an amount of 0, and more for overage. */
    public double fullness() {
        return amount == 0 ? Math.max(1, taken()) : (double) taken() / amount;
    }

    /** The last hundredth of an amount, which is kept for responses that have begun. */
    public static long edge(long amount) {
        return amount / EDGE_PARTS;
    }

    /** How much of the edge all nodes together have at most; negative if there is room for new requests before it. */
    public long usedOfEdge() {
        return taken() - amount + edge(amount);
    }

    /** The part that can be reserved until no more than twice the edge is left, which running requests may use up in a moment. */
    public long roomBeforeEdge() {
        return -usedOfEdge() - edge(amount);
    }

    /** The part that is neither spent nor unknown, and not of the edge: negative if that is used. */
    public long rest() {
        return amount - edge(amount) - allSpent() - unknown;
    }
}
