package dev.warder.quota;

import java.util.Comparator;
import java.util.List;

/**
 * A team, or the clients without a team. Immutable.
 *
 * @param name of the team; empty for the clients without one
 * @param budgets its own budgets, the shortest period first
 * @param clients budgets of the clients that it pays for
 * @param without how many of these clients have no budget of their own
 */
public record TeamLines(String name, List<BudgetLine> budgets, Lines clients, int without) {
    /** The team first that has the fullest budget, of its own or of its clients. */
    static final Comparator<TeamLines> FULLEST =
            Comparator.comparingDouble(TeamLines::fullness).reversed();

    private double fullness() {
        return budgets.stream().mapToDouble(BudgetLine::fullness).reduce(clients.fullness(), Math::max);
    }
}
