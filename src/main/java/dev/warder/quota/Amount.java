package dev.warder.quota;

import dev.warder.quota.WaitingLine.Waiter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A limited amount as this node sees it: money of a budget in a period, a bucket that refills, or slots; and who waits for it. Not
 * thread-safe: {@link NodeQuota} has the lock.
 */
abstract sealed class Amount permits Account, Limit {
    /** Most amounts are waited for by none, and each request looks here. */
    private Map<Waiter, Long> demand = Map.of();

    private long demanded;
    private int lacking;
    private int references;

    /** The database is asked for this amount for a request, in the order of the line. */
    void addDemand(Waiter waiter, long need) {
        demand = demand.isEmpty() ? new LinkedHashMap<>() : demand;
        demand.put(waiter, need);
        demanded += need;
    }

    void removeDemand(Waiter waiter) {
        var need = demand.isEmpty() ? null : demand.remove(waiter);
        demanded -= need == null ? 0 : need;
        demand = demand.isEmpty() ? Map.of() : demand;
    }

    /** By request what it needs, in the order of the line. */
    Map<Waiter, Long> demand() {
        return demand;
    }

    /** The need of the first request in the line; 0 if none waits. */
    long firstDemand() {
        return demand.isEmpty() ? 0 : demand.values().iterator().next();
    }

    long demanded() {
        return demanded;
    }

    /** @param more how many more requests lack it, or wait behind one that does */
    void lacks(int more) {
        lacking += more;
    }

    /** True where a request waits for it, and a later one that takes this much would overtake that. */
    boolean isWaitedFor(long need, long now) {
        return lacking > 0;
    }

    /** The number of requests that wait for it. */
    int waiting() {
        return lacking;
    }

    /** @param more how many requests have come that will give back a part of it, until when it must not be forgotten */
    void refer(int more) {
        references += more;
    }

    boolean isReferred() {
        return references > 0;
    }

    /**
     * The owner. A request that lacks something of one owner does not yet ask for what is of the next: it would be collected in
     * vain, while others could use it.
     */
    abstract Object owner();

    /** True where this node has as much for a new request now. */
    abstract boolean has(long need, long now);
}
