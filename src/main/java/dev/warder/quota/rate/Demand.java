package dev.warder.quota.rate;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The need of waiting requests for one limit, in the order in which they came. Not thread-safe: {@link NodeLimits} has the
 * lock.
 */
final class Demand {
    /** No request waits; nothing is added to this one. */
    static final Demand NONE = new Demand();

    private final Map<PendingRequest, Long> amounts = new LinkedHashMap<>();
    private long sum;

    void add(PendingRequest waiter, long amount) {
        remove(waiter);
        amounts.put(waiter, amount);
        sum += amount;
    }

    void remove(PendingRequest waiter) {
        var before = amounts.remove(waiter);
        sum -= before == null ? 0 : before;
    }

    boolean isEmpty() {
        return amounts.isEmpty();
    }

    /** What the request needs that has waited longest; 0 if none waits. */
    long first() {
        return isEmpty() ? 0 : amounts.values().iterator().next();
    }

    long sum() {
        return sum;
    }
}
