package dev.warder.quota;

import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.LeaseStore.LeaseState;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import dev.warder.quota.Accounts.HoldRequest;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Budgets in the window of one moment, and requests that are charged to them. */
final class SampleBudgets {
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final long DOLLAR = 1_000_000_000;

    private SampleBudgets() {}

    /** The terms of an amount of nano-dollars, in UTC. */
    static Budget.Terms terms(long nanos, Period period, Budget.Mode mode) {
        return new Budget.Terms(nanos, period, ZoneOffset.UTC, mode, Budget.OnExhausted.CUT);
    }

    /** A budget for a day that refuses what it does not cover. */
    static ChargedBudget of(Budget.Scope scope, String name, long nanos) {
        return of(scope, name, nanos, Budget.Mode.ENFORCE);
    }

    static ChargedBudget of(Budget.Scope scope, String name, long nanos, Budget.Mode mode) {
        return of(scope, name, terms(nanos, Period.DAY, mode), 1);
    }

    static ChargedBudget of(Budget.Scope scope, String name, Budget.Terms terms, long version) {
        return new ChargedBudget(new Budget(scope, name, terms), terms.windowAt(NOW), version);
    }

    static HoldRequest request(String client, long nanos, ChargedBudget... budgets) {
        return new HoldRequest(client, "", List.of(budgets), nanos, 1);
    }

    /** The state of a lease while nothing is spent but this. */
    static LeaseState lease(ChargedBudget budget, long granted, long spent) {
        long cap = budget.budget().terms().nanos();
        return new LeaseState(budget.key(), granted, 0, new Amounts(cap, spent, 0, granted, 0), false);
    }

    /** The account of a budget of which this is spent, and perhaps more than there is. */
    static Account.View spent(ChargedBudget budget, long nanos) {
        long amount = budget.budget().terms().nanos();
        long within = Math.min(amount, nanos);
        var seen = new LeaseState(budget.key(), 0, 0, new Amounts(amount, within, nanos - within, 0, 0), false);
        return new Account.View(budget, Optional.of(seen), 0, 0, 0, 0);
    }

    /** The amounts of a budget of which this is spent. */
    static Optional<Amounts> used(long nanos) {
        return Optional.of(new Amounts(0, nanos, 0, 0, 0));
    }

    /** A threshold of a team's budget for a month. */
    static Thresholds.Reached reached(int percent) {
        return reached(Budget.Scope.TEAM, "payments", Period.MONTH, Budget.Mode.ENFORCE, percent);
    }

    /** A threshold of a budget of 4,000 dollars. */
    static Thresholds.Reached reached(Budget.Scope scope, String name, Period period, Budget.Mode mode, int percent) {
        var terms = new Budget.Terms(4000 * DOLLAR, period, ZoneId.of("Europe/Berlin"), mode, Budget.OnExhausted.CUT);
        var now = NOW.plusMillis(2_096_500);
        var status = new BudgetLine(
                new Budget(scope, name, terms), terms.windowAt(now), used(40L * percent * DOLLAR + DOLLAR / 4));
        return new Thresholds.Reached(status, percent, 4000 * DOLLAR, now);
    }
}
