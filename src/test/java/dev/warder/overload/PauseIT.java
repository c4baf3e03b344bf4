package dev.warder.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A gateway that stands still for longer than its limits: by a long collection of garbage, or with the whole machine. */
class PauseIT {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int PATIENCE = 20;
    private static final int ROUNDS = 2;
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
            for (int round = 0; round < ROUNDS; round++) {
                respondsAfterAPause(gateway, upstream);
            }
        }
    }

    private static void respondsAfterAPause(GatewayProcess gateway, ScriptedUpstream upstream) throws Exception {
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
            for (int i = 0; i < REQUESTS; i++) {
                var client = RawClient.connect(gateway.baseUri());
                clients.add(client);
                client.send(Gateways.message());
            }
            assertThat(arrived.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
            gateway.pause();
            try {
                stopped.countDown();
                assertThat(written.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
                TimeUnit.MILLISECONDS.sleep(LIMIT.toMillis() * 3 / 2);
            } finally {
                gateway.goOn();
            }
            for (var client : clients) {
                var response = client.readResponse();
                assertThat(response.status()).as("%s", response).isEqualTo(200);
            }
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }
}
