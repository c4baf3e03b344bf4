package dev.warder.quota.budget;

import java.util.concurrent.atomic.LongAdder;

/** Counts of the effects that budgets had on requests since the start. Thread-safe. */
public final class BudgetCounts {
    private final LongAdder waited = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder cut = new LongAdder();
    private final LongAdder exceeded = new LongAdder();
    private final LongAdder clockJumps = new LongAdder();

    BudgetCounts() {}

    /** Requests that had to wait. */
    public long waitedRequests() {
        return waited.sum();
    }

    /** Requests that were refused. */
    public long refusedRequests() {
        return refused.sum();
    }

    /** Requests that were ended before their end. */
    public long cutRequests() {
        return cut.sum();
    }

    /** Requests that have cost more than was held for them. */
    public long exceededHolds() {
        return exceeded.sum();
    }

    /** Jumps of the database's clock. */
    public long clockJumps() {
        return clockJumps.sum();
    }

    void waited() {
        waited.increment();
    }

    void refused() {
        refused.increment();
    }

    void cut() {
        cut.increment();
    }

    void exceeded() {
        exceeded.increment();
    }

    void clockJumped() {
        clockJumps.increment();
    }
}
