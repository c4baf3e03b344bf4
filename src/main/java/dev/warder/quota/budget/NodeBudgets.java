package dev.warder.quota.budget;

import java.util.List;
import java.util.UUID;

/**
 * This node's numbers, known without the database. Immutable.
 *
 * @param run identifies this start of the node
 * @param used the budgets that it has used lately, with the numbers that it got from the database last
 * @param waiting the requests that wait here, those first that have waited longest; not all if there are many
 * @param allWaiting how many wait
 * @param events what happened last, the newest first; not all if there were many
 */
public record NodeBudgets(
        UUID run, List<BudgetLine> used, List<WaitingRequest> waiting, int allWaiting, List<BudgetEvent> events) {
    public NodeBudgets {
        used = List.copyOf(used);
        waiting = List.copyOf(waiting);
        events = List.copyOf(events);
    }
}
