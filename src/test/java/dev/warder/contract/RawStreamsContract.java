package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawStreamCheck;
import dev.warder.testkit.RawStreams;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Three hundred streams of odd framing, straight to the container: one request in is one request out. */
@OnEachContainer
class RawStreamsContract extends SharedContract {
    private static final int COUNT = 300;

    private final long seed = Long.getLong("warder.seed", System.nanoTime());

    RawStreamsContract(Container.Starter starter) {
        super(starter);
    }

    @Test
    void bringOutWhatCameIn() throws Exception {
        System.out.println("raw streams: warder.seed=" + seed);
        var gateway = gateway();
        var streams = new RawStreams(Contract.ACCESS_TOKEN, new Random(seed)).next(COUNT);
        int served = RawStreamCheck.check(streams, () -> RawClient.connect(gateway.baseUri()), upstream);
        assertThat(served).as("served, seed %d", seed).isGreaterThan(COUNT / 2);
    }
}
