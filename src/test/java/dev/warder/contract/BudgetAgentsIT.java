package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Limit;
import dev.warder.testkit.Turns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Twenty agents that spend a budget of 5 dollars, which is about 70 of their requests. All of it can be used, and nothing more,
 * also where the nodes share it by a database.
 */
@Tag("alone")
@Tag("turn-6")
class BudgetAgentsIT extends BudgetAgentsGround {
    private static final int DOLLARS = 5;
    private static final int AGENTS = 20;

    /**
     * A run goes on for a while after it has used most, since it must not use too much. In the gate that is a share which every run
     * reaches: more of it, and how many streams are cut, is chance, and a property of many runs.
     */
    private static final double USED = Turns.inTurn() ? 0.97 : 0.75;

    /** In a slice this is the end of a run that does not use so much. */
    private static final Duration LONGEST = Turns.inTurn() ? Duration.ofSeconds(60) : Limit.seconds(60);

    private static final boolean LONG = Boolean.getBoolean("warder.long");

    private static final int RUNS = LONG ? 5 : Turns.of(1, 2);

    private static final double MOST_CUTS = LONG ? 3 : 6;

    /** What is left at the end is less than the next request needs, which is chance too. */
    private static final double LEAST_USED = LONG ? USED : 0.95;

    private final List<Run> runs = new CopyOnWriteArrayList<>();

    static Stream<Arguments> nodes() {
        var all = List.of(Arguments.of(2, "PostgreSQL", 2), Arguments.of(1, "PostgreSQL", 1), Arguments.of(2, "H2", 3));
        return all.stream().limit(Turns.of(1, all.size()));
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void agentsUseNearlyAllAndNothingMore(int nodes, String kind, long seed) throws Exception {
        var ofSetup = new ArrayList<Run>();
        for (int i = 0; i < RUNS; i++) {
            ofSetup.add(spend(new Setup(nodes, kind, AGENTS, DOLLARS, USED, LONGEST, seed + 10L * i)));
        }
        runs.addAll(ofSetup);
        if (LONG) {
            assertFewAreCutAndNearlyAllIsUsed(ofSetup);
        }
    }

    /** How many a single run cuts is chance. */
    @AfterAll
    final void fewStreamsAreCutAndNearlyAllIsUsed() {
        if (Turns.inTurn()) {
            assertFewAreCutAndNearlyAllIsUsed(runs);
        }
    }

    private static void assertFewAreCutAndNearlyAllIsUsed(List<Run> runs) {
        assertThat(runs.stream().mapToInt(Run::cuts).average().orElseThrow())
                .as("streams that a run cuts in the mean: %s", runs)
                .isLessThanOrEqualTo(MOST_CUTS);
        assertThat(runs.stream().mapToDouble(Run::used).average().orElseThrow())
                .as("what a run uses in the mean: %s", runs)
                .isGreaterThanOrEqualTo(LEAST_USED);
    }
}
