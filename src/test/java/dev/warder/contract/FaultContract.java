package dev.warder.contract;

import dev.warder.testkit.Deployment;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Upstreams and clients at their worst, except those that do nothing at all, see {@link FaultTimeoutContract}: no fault waits for a
 * time-out, and no time-out strikes an honest request.
 */
@OnEachContainer
class FaultContract extends FaultGround {
    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES).with("stream.keepAlive", "0s");
    }

    static Stream<UpstreamFault> active() {
        return Stream.of(UpstreamFault.values()).filter(fault -> !fault.end().isTimeout());
    }

    @ParameterizedTest
    @MethodSource("active")
    void endsWellWhenTheUpstreamFails(UpstreamFault fault) throws Exception {
        endsWell(fault);
    }

    @ParameterizedTest
    @EnumSource
    void endsWellWhenTheClientFails(ClientFault fault) throws Exception {
        endsWell(fault);
    }
}
