package dev.warder.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Turns;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Overload counted, not timed: whoever is within the limits is served, whoever is beyond is refused at once, health and
 * administration are always served, and everything is as before once the load has gone. {@code -Plong} runs
 * {@code slowhttptest} with 2,000 connections for 25 s in each of its modes, else with 300 for 3 s in two of them. The gate has one mode, and the
 * standalone form only.
 */
@Tag("turn-3")
class OverloadIT {
    private static final boolean LONG = Boolean.getBoolean("warder.long");
    private static final int CAPACITY = 64;
    private static final int SLOW_READERS = Turns.of(60, 1000);
    private static final int GROUP = Turns.of(20, 100);
    private static final Logger LOG = LoggerFactory.getLogger(OverloadIT.class);
    private static final long MEASURED_MILLIS = 10_000;
    private static final long RECOVERY_MILLIS = 5_000;

    /** What the upstream takes for a response, so that its time and not the machine's speed sets the peak. */
    private static final long UPSTREAM_MILLIS = 200;

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    /** What one caller saw in the time that was measured. */
    private record Seen(int served, int refused) {
        Seen plus(Seen other) {
            return new Seen(served + other.served, refused + other.refused);
        }
    }

    private static final Duration PAUSE_LIMIT = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Limit.seconds(20);
    private static final int ROUNDS = Turns.of(1, 2);

    /** On a busy machine a round may come to nothing: its first request was late before all of them had arrived. */
    private static final int TRIED = 20;

    private static final int REQUESTS = 16;
    private static final String ADMIN = "a".repeat(40);
    private static final String BODY = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";

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
    @Tag("turn-only")
    @MethodSource("forms")
    void servesOthersDuringSlowhttptest(GatewayProcess.Form form) throws Exception {
        assumeTrue(installed(), "slowhttptest is not installed");
        try (var upstream = ScriptedUpstream.plain();
                var gateway = start(form, upstream, 5000)) {
            for (var mode : List.of("-H", "-B", "-R", "-X").subList(0, LONG ? 4 : 2)) {
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

    /**
     * How many requests are served in a while at the limit, at four times the limit, and after that. In the long form only.
     */
    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "warder.long", matches = "true")
    void servesAsManyUnderFourTimesTheLoad(GatewayProcess.Form form) throws Exception {
        try (var upstream = ScriptedUpstream.plain();
                var gateway = start(form, upstream, CAPACITY)) {
            upstream.script((request, reply) -> {
                pause(UPSTREAM_MILLIS);
                reply.messageStream("served");
            });
            call(gateway, CAPACITY, RECOVERY_MILLIS);
            var peak = call(gateway, CAPACITY, 0);
            var overload = call(gateway, 4 * CAPACITY, 0);
            answersItsOperator(gateway);
            var after = call(gateway, CAPACITY, RECOVERY_MILLIS);
            LOG.info("{}: peak {}, overload {}, after {} s {}", form, peak, overload, RECOVERY_MILLIS / 1000, after);
            assertThat(overload.refused()).isPositive();
            assertThat(overload.served()).isGreaterThan(peak.served() * 9 / 10);
            assertThat(after.served()).isGreaterThan(peak.served() * 9 / 10);
            // A place is free again a moment after the caller has the last byte of its response.
            assertThat(after.refused()).isLessThan(after.served() / 50);
            awaitOpenExchanges(gateway, 0);
            assertUnharmed(gateway);
        }
    }

    /** Runs this many callers at once. Each sends its next request after a response, or after the time in a refusal. */
    private static Seen call(GatewayProcess gateway, int callers, long unmeasuredMillis)
            throws InterruptedException, ExecutionException {
        var threads = Executors.newFixedThreadPool(callers);
        try {
            long from = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(unmeasuredMillis);
            var running = new ArrayList<Future<Seen>>();
            for (int i = 0; i < callers; i++) {
                running.add(threads.submit(() -> call(gateway, from)));
            }
            var seen = new Seen(0, 0);
            for (var caller : running) {
                seen = seen.plus(caller.get());
            }
            return seen;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Seen call(GatewayProcess gateway, long from) throws IOException, InterruptedException {
        long end = from + TimeUnit.MILLISECONDS.toNanos(MEASURED_MILLIS);
        var seen = new Seen(0, 0);
        while (System.nanoTime() < end) {
            var response = RawClient.exchange(gateway.baseUri(), message());
            boolean served = response.status() == 200;
            if (!served) {
                assertThat(response.status()).as("%s", response).isIn(429, 503);
                var seconds = response.fields().first("retry-after").orElseThrow();
                pause(TimeUnit.SECONDS.toMillis(Long.parseLong(seconds)));
            }
            long now = System.nanoTime();
            if (now >= from && now < end) {
                seen = seen.plus(served ? new Seen(1, 0) : new Seen(0, 1));
            }
        }
        return seen;
    }

    private static void pause(long millis) throws InterruptedException {
        assertThat(NEVER.await(millis, TimeUnit.MILLISECONDS)).isFalse();
    }

    /**
     * A gateway that stands still for longer than its limits: by a long collection of garbage, or with the whole machine.
     */
    @Test
    void responsesThatCameMeanwhileAreNotLate() throws Exception {
        try (var upstream = ScriptedUpstream.plain();
                var gateway = start(
                        GatewayProcess.Form.JETTY,
                        upstream,
                        2 * REQUESTS,
                        Map.of("timeouts.firstByte", PAUSE_LIMIT.toSeconds() + "s"))) {
            servesHonestClients(gateway, upstream, 100);
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
                client.send(message());
            }
            assertThat(arrived.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
            gateway.pause();
            boolean inTime = System.nanoTime() - begun < PAUSE_LIMIT.toNanos() / 2;
            try {
                stopped.countDown();
                assertThat(written.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS))
                        .isTrue();
                TimeUnit.MILLISECONDS.sleep(PAUSE_LIMIT.toMillis() * 3 / 2);
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

    /**
     * Starts one with the default heap of {@link GatewayProcess}, open to every client, that may have this many exchanges
     * open.
     */
    private static GatewayProcess start(GatewayProcess.Form form, ScriptedUpstream upstream, int streams)
            throws Exception {
        return start(form, upstream, streams, Map.of());
    }

    /** The same with further settings. */
    private static GatewayProcess start(
            GatewayProcess.Form form, ScriptedUpstream upstream, int streams, Map<String, String> more)
            throws Exception {
        var settings = new HashMap<>(more);
        settings.putAll(Map.of(
                "upstream.url",
                upstream.uri().toString(),
                "upstream.credentials",
                "primary=value:" + "k".repeat(40),
                "clients.open",
                "true",
                "admin.token",
                "value:" + ADMIN,
                "timeouts.clientWrite",
                "300s",
                // A slow machine may connect late while all the clients of a test come.
                "timeouts.connect",
                "60s",
                "limits.streams",
                Integer.toString(streams)));
        return GatewayProcess.start(form, settings);
    }

    /** A request for a stream. */
    private static RawRequest message() {
        return RawRequest.of("POST", "/v1/messages").json(BODY);
    }

    /** Sends this many requests, one after the other, which all succeed. */
    private static void servesHonestClients(GatewayProcess gateway, ScriptedUpstream upstream, int count)
            throws IOException {
        upstream.on("/v1/messages/count_tokens", (request, reply) -> reply.json(200, "{\"input_tokens\":1}"));
        for (int i = 0; i < count; i++) {
            var request = RawRequest.of("POST", "/v1/messages/count_tokens").json("{\"model\":\"claude-x\"}");
            var response = RawClient.exchange(gateway.baseUri(), request);
            assertThat(response.status()).as("%s", response).isEqualTo(200);
        }
    }

    /** Health and administration are served. */
    private static void answersItsOperator(GatewayProcess gateway) throws IOException {
        for (var path : List.of("/health/live", "/health/ready", "/admin/credentials")) {
            var request = RawRequest.of("GET", path).field("Authorization", "Bearer " + ADMIN);
            var response = RawClient.exchange(gateway.baseUri(), request);
            assertThat(response.status()).as("%s %s", path, response).isEqualTo(200);
        }
    }

    /** The process lives, holds no body, and never ran out of memory. */
    private static void assertUnharmed(GatewayProcess gateway) {
        assertThat(gateway.alive()).isTrue();
        assertThat(gateway.number("CollectedBytes")).isZero();
        assertThat(gateway.log()).doesNotContain("OutOfMemoryError");
    }

    /** Waits until this many exchanges are open, 60 s at most. */
    private static void awaitOpenExchanges(GatewayProcess gateway, int count) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        var pause = new CountDownLatch(1);
        while (gateway.number("OpenExchanges") != count) {
            assertThat(System.nanoTime())
                    .as(() -> gateway.number("OpenExchanges") + " exchanges are open, not " + count + "; the log: "
                            + lastLines(gateway.log()))
                    .isLessThan(end);
            assertThat(pause.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private static String lastLines(String log) {
        return log.substring(Math.max(0, log.length() - 3000));
    }
}
