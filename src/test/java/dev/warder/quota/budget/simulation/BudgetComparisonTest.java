package dev.warder.quota.budget.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Turns;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Agents that share a budget. The test prints a table of the outcomes. */
@Tag("turn-6")
class BudgetComparisonTest {
    private static final boolean LONG = Boolean.getBoolean("warder.long");

    private static final int SEEDS_OF_LONG = 20;

    private static final long DOLLAR = 1_000_000_000;

    /** More would be cut if running responses did not come before new requests. */
    private static final double MOST_CUTS = 6;

    /** The smallest one in the gate, and all in a slice. */
    static Stream<Arguments> sizes() {
        return Stream.of(Arguments.of(5, 20, 2, 0.95), Arguments.of(25, 50, 2, 0.97), Arguments.of(100, 200, 1, 0.97))
                .limit(Turns.of(1, 3));
    }

    /**
     * @param used what a run uses at least, in the mean. What is left of a small budget is less than any request may need, by
     *     the bound of its prompt
     */
    @ParameterizedTest
    @MethodSource("sizes")
    void usesNearlyAllOfABudgetAndNothingMore(int dollars, int agents, int seeds, double used) throws Exception {
        var size = new Size(dollars * DOLLAR, agents, LONG ? SEEDS_OF_LONG : seeds);
        var one = size.run((clock, cap, all) -> new WarderNodes(clock, cap, all, 1));
        var three = size.run((clock, cap, all) -> new WarderNodes(clock, cap, all, 3));

        String budget = dollars + " dollars, " + agents + " agents";
        System.out.println(Outcomes.HEAD);
        System.out.println(one.row(budget, "Warder, 1 node"));
        System.out.println(three.row(budget, "Warder, 3 nodes"));

        assertThat(one.most(Outcome::overshoot)).as("overshoot").isZero();
        assertThat(three.most(Outcome::overshoot))
                .as("overshoot of three nodes")
                .isZero();
        assertThat(one.mean(Outcome::recorded)).as("used").isGreaterThan(used);
        assertThat(three.mean(Outcome::recorded)).as("used by three nodes").isGreaterThan(used);
        assertThat(one.mean(Outcome::cut)).as("responses cut").isLessThan(MOST_CUTS);
        assertThat(three.mean(Outcome::cut)).as("responses cut by three nodes").isLessThan(MOST_CUTS);
    }

    /** A budget in nano-dollars, and who spends it. */
    private record Size(long cap, int agents, int seeds) {
        Outcomes run(Simulation.Rules rules) throws Exception {
            var runs = new ArrayList<Outcome>();
            for (long seed = 1; seed <= seeds; seed++) {
                runs.add(Simulation.run(rules, cap, agents, seed));
            }
            return new Outcomes(runs);
        }
    }
}
