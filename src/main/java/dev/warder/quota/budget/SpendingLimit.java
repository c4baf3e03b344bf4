package dev.warder.quota.budget;

import dev.warder.ledger.lease.LeaseState;
import dev.warder.quota.budget.WaitingRequest.Why;

/**
 * The answer whether one budget has enough for a request, as far as this node knows. The last hundredth of the amount, its
 * edge, is kept for responses that have begun. All amounts are nano-dollars. Not thread-safe: {@link Accounts} has the
 * lock.
 */
final class SpendingLimit {
    private static final long EDGE_PARTS = 100;

    private final Account account;

    SpendingLimit(Account account) {
        this.account = account;
    }

    static long edge(long cap) {
        return cap / EDGE_PARTS;
    }

    /** How much of the edge all nodes together have at most; negative if there is room for new requests before it. */
    static long usedOfEdge(LeaseState state) {
        return spent(state) + state.leased() - state.cap() + edge(state.cap());
    }

    /** Whether no more than twice the edge can still be reserved: running requests may use that up in a moment. */
    static boolean isNearEdge(LeaseState state) {
        return roomBeforeEdge(state) <= 0;
    }

    static long roomBeforeEdge(LeaseState state) {
        return -usedOfEdge(state) - edge(state.cap());
    }

    static long rest(LeaseState state) {
        return Math.max(0, state.cap() - edge(state.cap()) - spent(state));
    }

    private static long spent(LeaseState state) {
        return state.spent() + state.overage() + state.unknown();
    }

    /**
     * Whether a new request may hold this, as far as this node has it. What is granted of the edge stays free, and so does
     * what a response lacks that has begun. What other nodes wait for longer is going to be given back. A request that was
     * admitted or began to wait under an older policy is not limited by a budget that enforces no longer.
     */
    boolean admits(long nanos) {
        var seen = account.seen();
        return !account.enforces()
                || seen != null
                        && !seen.othersWait()
                        && account.free() - Math.max(account.lacking().nanos(), usedOfEdge(seen)) >= nanos;
    }

    boolean isSpent(long nanos) {
        var seen = account.seen();
        return account.enforces()
                && seen != null
                && account.isCapSeen()
                && spent(seen) + nanos > seen.cap() - edge(seen.cap());
    }

    Why waitsFor(long nanos) {
        var seen = account.seen();
        if (seen == null) {
            return Why.ASKING;
        }
        if (seen.othersWait()) {
            return Why.OTHER_NODES;
        }
        return admits(nanos) ? Why.EARLIER : Why.RUNNING;
    }
}
