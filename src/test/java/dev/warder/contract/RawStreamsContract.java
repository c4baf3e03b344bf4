package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawStreamCheck;
import dev.warder.testkit.RawStreams;
import dev.warder.testkit.Turns;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams of odd framing, straight to the container: one request in is one request out. */
@OnEachContainer
@Tag("turn-5")
class RawStreamsContract extends SharedContract {
    /** Each of twenty families six times, in the slice thirty times. */
    private static final int COUNT = Turns.of(120, 600);

    /** A server that reads this size right waits for the rest of 4 GiB, and the test for it. */
    private static final Set<String> LONG_WAITS = Turns.inTurn() ? Set.of() : Set.of("100000002");

    private final long seed = Long.getLong("warder.seed", System.nanoTime());

    @Test
    void bringOutWhatCameIn() throws Exception {
        System.out.println("raw streams: warder.seed=" + seed);
        var gateway = gateway();
        var streams = new RawStreams(ACCESS_TOKEN, new Random(seed), LONG_WAITS).next(COUNT);
        int served = RawStreamCheck.check(streams, () -> connect(gateway), upstream);
        assertThat(served).as("served, seed %d", seed).isGreaterThan(COUNT / 2);
    }
}
