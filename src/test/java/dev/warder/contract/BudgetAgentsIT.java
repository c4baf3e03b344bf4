package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Twenty agents that spend a budget of 5 dollars, which is about 70 of their requests. All of it can be used, and nothing more,
 * also where the nodes share it by a database.
 */
@Tag("alone")
class BudgetAgentsIT extends BudgetAgentsGround {
    private static final int DOLLARS = 5;
    private static final int AGENTS = 20;

    /** A run goes on for a while after it has used most, since it must not use too much. */
    private static final double USED = 0.97;

    /** On a slow machine too. */
    private static final Duration LONGEST = Duration.ofSeconds(90);

    private static final boolean LONG = Boolean.getBoolean("warder.long");

    /** The mean of five runs is what counts. Of one run each, it would exceed 3 by chance now and then. */
    private static final int RUNS = LONG ? 5 : 1;

    private static final double MOST_CUTS = LONG ? 3 : 6;

    /** What is left at the end is less than the next request needs, which is chance too. */
    private static final double LEAST_USED = LONG ? USED : 0.95;

    private final List<Run> runs = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @CsvSource({"1, PostgreSQL, 1", "2, PostgreSQL, 2", "2, H2, 3"})
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
        assertFewAreCutAndNearlyAllIsUsed(runs);
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
