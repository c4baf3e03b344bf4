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

    public long waitedRequests() {
        return waited.sum();
    }

    public long refusedRequests() {
        return refused.sum();
    }

    public long cutRequests() {
        return cut.sum();
    }

    public long exceededHolds() {
        return exceeded.sum();
    }

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
