package dev.warder.quota;

import dev.warder.ledger.lease.Amounts;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.OnExhausted;
import dev.warder.policy.Period;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** Thresholds of budgets of 4,000 dollars. */
final class Reached {
    static final Instant NOW = Instant.parse("2026-11-23T12:34:56.5Z");
    static final long DOLLAR = 1_000_000_000L;

    private Reached() {}

    static Optional<Amounts> spent(long nanos) {
        return Optional.of(new Amounts(0, nanos, 0, 0, 0));
    }

    static ThresholdReached team(int percent) {
        return of(BudgetScope.TEAM, "payments", Period.MONTH, BudgetMode.ENFORCE, percent);
    }

    static ThresholdReached of(BudgetScope scope, String name, Period period, BudgetMode mode, int percent) {
        var terms = new BudgetTerms(4000 * DOLLAR, period, ZoneId.of("Europe/Berlin"), mode, OnExhausted.CUT);
        return new ThresholdReached(
                new BudgetLine(
                        new Budget(scope, name, terms),
                        terms.windowAt(NOW),
                        spent(40L * percent * DOLLAR + DOLLAR / 4)),
                percent,
                4000 * DOLLAR,
                NOW);
    }
}
