package dev.warder.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Turns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A gateway that stands still for longer than its limits: by a long collection of garbage, or with the whole machine. */
@Tag("turn-4")
class PauseIT {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Limit.seconds(20);
    private static final int ROUNDS = Turns.of(1, 2);

    /** On a busy machine a round may come to nothing: its first request was late before all of them had arrived. */
    private static final int TRIED = 20;

    private static final int REQUESTS = 16;

    @Test
    void responsesThatCameMeanwhileAreNotLate() throws Exception {
        try (var upstream = ScriptedUpstream.plain();
                var gateway = Gateways.start(
                        GatewayProcess.Form.JETTY,
                        upstream,
                        2 * REQUESTS,
                        Map.of("timeouts.firstByte", LIMIT.toSeconds() + "s"))) {
            Gateways.servesHonestClients(gateway, upstream, 100);
            int rounds = 0;
            for (int tried = 0; rounds < ROUNDS && tried < TRIED; tried++) {
                rounds += respondsAfterAPause(gateway, upstream) ? 1 : 0;
            }
            assertThat(rounds).as("rounds in which the gateway stopped in time").isEqualTo(ROUNDS);
        }
    }

    /** False if the gateway was stopped only when half of the limit had passed: it needs the rest to read what has come. */
    private static boolean respondsAfterAPause(GatewayProcess gateway, ScriptedUpstream upstream) throws Exception {
        var arrived = new CountDownLatch(REQUESTS);
        var stopped = new CountDownLatch(1);
        var written = new CountDownLatch(REQUESTS);
        upstream.script((request, reply) -> {
            arrived.countDown();
            reply.await(stopped);
            reply.messageStream("in time");
            written.countDown();
        });
        var clients = new ArrayList<RawClient>();
        try {
            long begun = System.nanoTime();
            for (int i = 0; i < REQUESTS; i++) {
                var client = RawClient.connect(gateway.baseUri());
                clients.add(client);
                client.send(Gateways.message());
            }
            assertThat(arrived.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
            gateway.pause();
            boolean inTime = System.nanoTime() - begun < LIMIT.toNanos() / 2;
            try {
                stopped.countDown();
                assertThat(written.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS))
                        .isTrue();
                TimeUnit.MILLISECONDS.sleep(LIMIT.toMillis() * 3 / 2);
            } finally {
                gateway.goOn();
            }
            for (var client : clients) {
                var response = client.readTimeout((int) PATIENCE.toMillis()).readResponse();
                assertThat(!inTime || response.status() == 200)
                        .as("%s", response)
                        .isTrue();
            }
            return inTime;
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }
}
