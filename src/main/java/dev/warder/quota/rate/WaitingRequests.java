package dev.warder.quota.rate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The requests that wait for the database, in the order in which they came, and what they need of their limits. Not thread-safe:
 * {@link Limits} has the lock.
 */
final class WaitingRequests {
    private final Sharing sharing;
    private final LimitTable table;
    private final Set<Waiter> all = new LinkedHashSet<>();

    WaitingRequests(Sharing sharing, LimitTable table) {
        this.sharing = sharing;
        this.table = table;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** A request waits: as the last one, or at its place if it has waited before. */
    void add(Waiter waiter, long now) {
        all.add(waiter);
        addDemand(waiter, now);
    }

    /** A request waits no longer. */
    void remove(Waiter waiter) {
        all.remove(waiter);
        removeDemand(waiter);
    }

    /** All, in their order, without what they need: that of each depends on those before it, and is added again. */
    List<Waiter> withoutDemand() {
        all.forEach(WaitingRequests::removeDemand);
        return List.copyOf(all);
    }

    /** Whether there is not enough for this amount and all that wait already. */
    boolean needBefore(Limit limit, long amount, long now) {
        return sharing.asks()
                && !limit.demand().isEmpty()
                && !limit.has(amount + limit.demand().sum(), now);
    }

    /**
     * What it needs of its limits up to those of the first owner that lack something. These are the narrower ones: the database
     * is not asked for what all share where a client's own limit may refuse the request.
     */
    private void addDemand(Waiter waiter, long now) {
        boolean lacks = false;
        LimitOwner owner = null;
        for (var taken : waiter.hold().all()) {
            var limit = taken.limit;
            long amount = taken.need.amount();
            if (lacks && !limit.key().owner().equals(owner)) {
                return;
            }
            owner = limit.key().owner();
            lacks |= !limit.has(amount, now) || needBefore(limit, amount, now);
            limit.use().addDemand(waiter, amount);
            table.lacks(limit);
        }
    }

    private static void removeDemand(Waiter waiter) {
        for (var taken : waiter.hold().all()) {
            taken.limit.use().removeDemand(waiter);
        }
    }
}
