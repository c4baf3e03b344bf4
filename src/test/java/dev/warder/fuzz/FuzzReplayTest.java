package dev.warder.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fuzz target on its corpus, and on seeded mutations of it. */
class FuzzReplayTest {
    private static final int MUTATIONS = Integer.getInteger("warder.mutations", 1000);

    @ParameterizedTest
    @EnumSource
    void holdsOnTheCorpusAndItsMutations(FuzzTarget target) throws Exception {
        long seed = Long.getLong("warder.seed", 20261121);
        var corpus = target.corpus();
        assertThat(corpus).hasSizeGreaterThan(5);
        for (var input : corpus) {
            run(target, input, seed);
        }
        var mutation = new Mutation(new Random(seed), corpus);
        for (int i = 0; i < MUTATIONS; i++) {
            run(target, mutation.next(), seed);
        }
    }

    private static void run(FuzzTarget target, byte[] input, long seed) {
        try {
            target.run(input);
        } catch (Exception | AssertionError | StackOverflowError wrong) {
            throw new AssertionError(
                    "-Dwarder.seed=" + seed + ", input " + HexFormat.of().formatHex(input), wrong);
        }
    }
}
