package dev.warder.policy;

import java.util.Comparator;
import java.util.List;

/**
 * The budgets of one client or team. Immutable.
 *
 * @param budgets at most one for each period, the shortest period first
 * @param unlimited whether the operator wrote the word {@code unlimited}: no further budget is needed
 */
public record BudgetList(List<Budget> budgets, boolean unlimited) {
    public BudgetList {
        budgets = budgets.stream()
                .sorted(Comparator.comparing(budget -> budget.terms().period()))
                .toList();
    }

    public boolean enforces() {
        return budgets.stream().anyMatch(budget -> budget.terms().enforces());
    }

    /** Whether the client needs no other budget: it is limited, or unlimited by the operator's word. */
    public boolean suffices() {
        return unlimited || enforces();
    }
}
