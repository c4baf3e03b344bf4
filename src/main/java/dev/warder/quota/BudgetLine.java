package dev.warder.quota;

import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.PeriodWindow;
import java.util.Comparator;
import java.util.Optional;

/**
 * A budget in its current period. Immutable.
 *
 * @param amounts empty if no request was charged to it in this period, or its numbers are not known
 */
public record BudgetLine(Budget budget, PeriodWindow window, Optional<Amounts> amounts) {
    /** The fullest first; those that are equally full in the order of their keys. */
    static final Comparator<BudgetLine> FULLEST = Comparator.comparingDouble(BudgetLine::fullness)
            .reversed()
            .thenComparing(line -> line.budget().key());

    PeriodKey key() {
        return new PeriodKey(budget.key(), window.start());
    }

    double fullness() {
        return amounts.map(Amounts::fullness).orElse(-1.0);
    }
}
