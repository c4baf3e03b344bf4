package dev.warder.overload;

import static dev.warder.overload.Gateways.answersItsOperator;
import static dev.warder.overload.Gateways.assertUnharmed;
import static dev.warder.overload.Gateways.awaitOpenExchanges;
import static dev.warder.overload.Gateways.message;
import static dev.warder.overload.Gateways.servesHonestClients;
import static dev.warder.overload.Gateways.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Turns;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Overload counted, not timed: whoever is within the limits is served, whoever is beyond is refused at once, health and
 * administration are always served, and everything is as before once the load has gone. {@code -Plong} runs
 * {@code slowhttptest} with 2,000 connections for 25 s in each of its modes, else with 300 for 3 s in two of them. The gate has one mode, and the
 * standalone form only.
 */
@Tag("turn-4")
class OverloadIT {
    private static final boolean LONG = Boolean.getBoolean("warder.long");
    private static final int CAPACITY = 64;
    private static final int SLOW_READERS = Turns.of(60, 1000);
    private static final int GROUP = Turns.of(20, 100);

    @ParameterizedTest
    @MethodSource("forms")
    void servesItsCapacityAndRefusesTheRestAtOnce(GatewayProcess.Form form) throws Exception {
        try (var upstream = ScriptedUpstream.plain();
                var gateway = start(form, upstream, CAPACITY)) {
            for (int round = 0; round < Turns.of(1, 3); round++) {
                var release = new CountDownLatch(1);
                upstream.script((request, reply) -> {
                    reply.await(release);
                    reply.messageStream("served");
                });
                var within = open(gateway, CAPACITY);
                awaitOpenExchanges(gateway, CAPACITY);
                for (int beyond = 0; beyond < 3 * CAPACITY; beyond++) {
                    var refused = RawClient.exchange(gateway.baseUri(), message());
                    // The limit of one client may be that of all, and is looked at first.
                    assertThat(refused.status()).as("%s", refused).isIn(429, 503);
                }
                answersItsOperator(gateway);
                release.countDown();
                for (var client : within) {
                    assertThat(client.readResponse().text()).isEqualTo(String.join("", Messages.stream("served")));
                    client.close();
                }
                awaitOpenExchanges(gateway, 0);
            }
            assertUnharmed(gateway);
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void servesOthersWhileAThousandClientsDoNotRead(GatewayProcess.Form form) throws Exception {
        try (var upstream = ScriptedUpstream.plain().socketBuffers(0, 16 * 1024);
                var gateway = start(form, upstream, 5000)) {
            upstream.script((request, reply) -> {
                reply.eventStream();
                reply.chunk(Messages.start());
                for (int i = 0; i < 1000; i++) {
                    reply.chunk(Messages.delta("x".repeat(1000)));
                }
                reply.await(new CountDownLatch(1));
            });
            var deaf = new ArrayList<RawClient>();
            while (deaf.size() < SLOW_READERS) {
                deaf.addAll(open(gateway, GROUP));
                awaitOpenExchanges(gateway, deaf.size());
            }
            servesHonestClients(gateway, upstream, 100);
            answersItsOperator(gateway);
            for (var client : deaf) {
                client.reset();
            }
            awaitOpenExchanges(gateway, 0);
            assertUnharmed(gateway);
        }
    }

    /** Slow heads, slow bodies, ranges and slow reads. */
    @ParameterizedTest
    @MethodSource("forms")
    void servesOthersDuringSlowhttptest(GatewayProcess.Form form) throws Exception {
        assumeTrue(installed(), "slowhttptest is not installed");
        try (var upstream = ScriptedUpstream.plain();
                var gateway = start(form, upstream, 5000)) {
            for (var mode : List.of("-H", "-B", "-R", "-X").subList(0, LONG ? 4 : Turns.of(1, 2))) {
                var attack = attack(gateway, mode);
                try {
                    int rounds = 0;
                    while (attack.isAlive() || rounds == 0) {
                        servesHonestClients(gateway, upstream, 20);
                        answersItsOperator(gateway);
                        rounds++;
                    }
                } finally {
                    attack.destroyForcibly();
                }
            }
            awaitOpenExchanges(gateway, 0);
            assertUnharmed(gateway);
        }
    }

    static List<GatewayProcess.Form> forms() {
        return Turns.inTurn() ? List.of(GatewayProcess.Form.values()) : List.of(GatewayProcess.Form.STANDALONE);
    }

    /** Sends a request on each of this many connections, with small buffers, and reads nothing. */
    private static List<RawClient> open(GatewayProcess gateway, int count) throws IOException {
        var clients = new ArrayList<RawClient>();
        for (int i = 0; i < count; i++) {
            clients.add(RawClient.connect(gateway.baseUri(), 4096).send(message()));
        }
        return clients;
    }

    private static boolean installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> new File(folder, "slowhttptest").canExecute());
    }

    private static Process attack(GatewayProcess gateway, String mode) throws IOException {
        return new ProcessBuilder(
                        "slowhttptest",
                        mode,
                        "-c",
                        LONG ? "2000" : "300",
                        "-l",
                        LONG ? "25" : "3",
                        "-r",
                        "500",
                        "-i",
                        "2",
                        "-t",
                        mode.equals("-B") ? "POST" : "GET",
                        "-u",
                        gateway.baseUri() + (mode.equals("-B") ? "/v1/messages" : "/health"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
