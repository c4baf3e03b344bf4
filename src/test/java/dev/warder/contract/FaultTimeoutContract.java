package dev.warder.contract;

import dev.warder.testkit.Deployment;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The faults of {@link FaultContract} that only a time-out ends: honest requests, which take some milliseconds, have the same limits. */
class FaultTimeoutContract extends FaultGround {
    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES)
                .with("stream.keepAlive", "0s")
                .with("timeouts.firstByte", "3s")
                .with("timeouts.idle", "3s");
    }

    static Stream<UpstreamFault> silent() {
        return Stream.of(UpstreamFault.values()).filter(fault -> fault.end().isTimeout());
    }

    @ParameterizedTest
    @MethodSource("silent")
    void endsWellWhenTheUpstreamFails(UpstreamFault fault) throws Exception {
        endsWell(fault);
    }
}
