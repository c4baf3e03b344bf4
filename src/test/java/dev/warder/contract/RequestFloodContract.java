package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.FloodUpstream;
import dev.warder.testkit.FloodUpstream.Response;
import dev.warder.testkit.LostClients;
import dev.warder.testkit.RequestFlood;
import dev.warder.testkit.Turns;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Honest clients, by the tens of thousands: each gets a whole response, and none is taken for lost. */
@OnChosenContainer
@OnEachContainer
@Tag("turn-4")
class RequestFloodContract {
    /** {@code -Dwarder.flood} sets another number. */
    private static final int REQUESTS =
            Integer.getInteger("warder.flood", Boolean.getBoolean("warder.long") ? 300_000 : Turns.of(2_000, 30_000));

    private static final String GATEWAY_TOKEN = "X-Warder-Token: " + Contract.ACCESS_TOKEN;

    @Test
    void answersEveryRequest() throws Exception {
        long seed = System.nanoTime();
        try (var upstream = FloodUpstream.start(List.of(Response.values()));
                var lost = LostClients.start();
                var container = ChosenContainer.starter()
                        .start(Deployment.builtWar()
                                .withConf(upstream.uri().toString(), Contract.MANAGED_KEY, Contract.ACCESS_TOKEN))) {
            var flood = new RequestFlood(
                            container.baseUri(),
                            List.of(GATEWAY_TOKEN, GATEWAY_TOKEN + "\r\nx-api-key: " + Contract.OWN_KEY))
                    .mixed(REQUESTS, seed);
            assertThat(flood.unanswered())
                    .as("seed " + seed + ", " + flood.answered() + " answered")
                    .isEmpty();
            assertThat(lost.count()).as("seed " + seed).isZero();
            Eventually.holds(
                    Duration.ofSeconds(10), () -> ((Number) container.gateway("OpenExchanges")).intValue() == 0);
        }
    }
}
