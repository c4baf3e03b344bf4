package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class UpstreamCallTest {
    private final List<String> told = new ArrayList<>();
    private final UpstreamCall call = new UpstreamCall(() -> told.add("withdrawn"));

    @Test
    void letsGoOfItsRequestOnceWhenCancelledBeforeItWasTakenUp() {
        call.cancel();
        call.cancel();
        assertThat(told).containsExactly("withdrawn");
        assertThat(call.takeUp()).isFalse();
    }

    @Test
    void leavesTheRequestToTheClientOnceTakenUp() {
        assertThat(call.takeUp()).isTrue();
        var running = new CompletableFuture<Void>();
        call.started(running);
        call.cancel();
        assertThat(told).isEmpty();
        assertThat(running).isCancelled();
    }
}
