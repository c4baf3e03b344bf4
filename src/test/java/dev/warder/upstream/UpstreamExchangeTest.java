package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class UpstreamExchangeTest {
    private final List<String> told = new ArrayList<>();
    private final UpstreamExchange exchange = new UpstreamExchange(() -> told.add("withdrawn"));

    @Test
    void letsGoOfItsRequestOnceWhenCancelledBeforeItWasTakenUp() {
        exchange.cancel();
        exchange.cancel();
        assertThat(told).containsExactly("withdrawn");
        assertThat(exchange.takeUp()).isFalse();
    }

    @Test
    void leavesTheRequestToTheClientOnceTakenUp() {
        assertThat(exchange.takeUp()).isTrue();
        var running = new CompletableFuture<Void>();
        exchange.started(running);
        exchange.cancel();
        assertThat(told).isEmpty();
        assertThat(running).isCancelled();
    }
}
