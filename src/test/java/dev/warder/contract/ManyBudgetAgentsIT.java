package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two hundred agents on three nodes that spend a budget of 100 dollars, in the long form only. Nearly all of it is used, and nine
 * tenths of it not much later than without a budget. The properties {@code warder.budgetAgents} and {@code warder.budgetDollars} are
 * for smaller runs.
 */
@Tag("alone")
@EnabledIfSystemProperty(named = "warder.long", matches = "true")
class ManyBudgetAgentsIT extends BudgetAgentsGround {
    private static final int NODES = 3;
    private static final int AGENTS = Integer.getInteger("warder.budgetAgents", 200);
    private static final int DOLLARS = Integer.getInteger("warder.budgetDollars", 100);
    private static final double USED = 0.98;

    /** The time until nine tenths are used, as a multiple of the time without a budget. */
    private static final double SLOWER = 1.5;

    private static final Duration LONGEST = Duration.ofMinutes(5);

    @Test
    void agentsUseNearlyAllAndAlmostAsFastAsWithoutABudget() throws Exception {
        var setup = new Setup(NODES, "PostgreSQL", AGENTS, DOLLARS, USED, LONGEST, 1);
        var unlimited = spendUnlimited(setup);
        var run = spend(setup);
        System.out.printf("90 %% after %d ms without a budget%n", unlimited.toMillis());

        assertThat(run.used()).isGreaterThanOrEqualTo(USED);
        assertThat(run.ninetyPercent()).isPositive();
        assertThat((double) run.ninetyPercent().toMillis() / unlimited.toMillis())
                .as("%s with a budget, %s without", run.ninetyPercent(), unlimited)
                .isLessThanOrEqualTo(SLOWER);
    }
}
