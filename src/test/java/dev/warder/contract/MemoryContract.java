package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The budget for collected bodies: who finds no room waits unread, small requests go ahead, and nothing is ever lost. */
@OnEachContainer
class MemoryContract extends SharedContract {
    private static final int CLIENTS = 64;
    private static final long LARGE = 8 << 20;
    private static final long BUDGET = 64 << 20;
    private static final int STREAMS = 14;
    private static final long MIB = 1 << 20;
    private static final long SENT = 20 * MIB;

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private CountDownLatch release = new CountDownLatch(0);

    @BeforeEach
    void holdLargeOnes() {
        release = latch();
        upstream.keepBodies(1024).script(heldWhenLarge(release));
    }

    @AfterEach
    void letGo() {
        release.countDown();
    }

    @Test
    void answersSixtyFourLargeRequestsOneAfterTheOther() throws Exception {
        var gateway = gateway("limits.memory", "64m");
        var answers = new ArrayList<Future<RawResponse>>();
        for (int i = 0; i < CLIENTS; i++) {
            answers.add(clients.submit(() -> exchange(gateway, LARGE)));
        }
        eventually(() -> !upstream.requests().isEmpty()
                && waiting(gateway) == CLIENTS - upstream.requests().size());
        int held = waiting(gateway);
        assertThat(collected(gateway)).isBetween(BUDGET / 2, BUDGET + LARGE);
        for (int i = 0; i < 20; i++) {
            assertStatus(200, exchange(gateway, post("/v1/messages").json("{\"a\":" + i + "}")));
        }
        assertThat(waiting(gateway)).isEqualTo(held);
        release.countDown();
        var most = mostWhile(gateway, answers);
        for (var answer : answers) {
            assertStatus(200, answer.get());
        }
        // The oldest body that waits may overdraw.
        assertThat(most).isBetween(LARGE, BUDGET + LARGE);
        assertThat(upstream.requests().stream().filter(request -> request.length() == LARGE))
                .hasSize(CLIENTS);
        idle(gateway);
    }

    @Test
    void holdsNoMemoryForABodyThatWasSentWhileItsStreamGoesOn() throws Exception {
        var gateway = gateway("limits.memory", "64m");
        upstream.script(Script.events(Messages.start(), release, Messages.end()));
        var streams = new ArrayList<RawClient>();
        for (int i = 0; i < STREAMS; i++) {
            var client = connect(gateway);
            new LargeMessage(LARGE).sendHead(client);
            new LargeMessage(LARGE).sendBody(client);
            assertThat(client.readHead().status()).isEqualTo(200);
            streams.add(client);
        }
        eventually(() -> collected(gateway) == 0);
        assertThat((int) gateway.gateway("OpenExchanges")).isEqualTo(streams.size());
        release.countDown();
        for (var stream : streams) {
            stream.readSummary();
            stream.close();
        }
        idle(gateway);
    }

    @Test
    void answersWhoWaitsTooLongEvenWhenItSendsItsWholeBodyFirst() throws Exception {
        var gateway =
                gateway(deployment -> deployment.with("limits.memory", "32m").with("limits.memoryWait", "300ms"));
        var held = holdTwo(gateway, 30 << 20);
        assertStatus(503, exchange(gateway, 30 << 20));
        answered(held);
        idle(gateway);
    }

    @Test
    void refusesWhoWaitsTooLong() throws Exception {
        var gateway =
                gateway(deployment -> deployment.with("limits.memory", "1m").with("limits.memoryWait", "300ms"));
        var held = holdTwo(gateway, 900_000);
        try (var third = connect(gateway)) {
            new LargeMessage(900_000).sendHead(third);
            third.send("{");
            var refused = third.readResponse();
            Refusal.check(refused, 503);
            assertThat(refused.fields().first("retry-after").orElse("")).matches("[1-9][0-9]*");
            assertThat(refused.text()).contains("limits.memory ");
        }
        answered(held);
        assertThat(upstream.requests()).hasSize(2);
        idle(gateway);
    }

    /** The upstream reads the first two slowly: a third one waits longer than {@code limits.memoryWait}, and is served. */
    @Test
    void waitsOnWhileABodyBeforeItIsSent() throws Exception {
        var gateway =
                gateway(deployment -> deployment.with("limits.memory", "24m").with("limits.memoryWait", "2s"));
        var slow = new AtomicInteger(2);
        upstream.socketBuffers(64 * 1024, 0).script(Script.atHead((request, reply) -> {
            if (slow.getAndDecrement() > 0) {
                for (long bytes = MIB; bytes < SENT; bytes += MIB) {
                    reply.readBody(bytes);
                    release.await(150, TimeUnit.MILLISECONDS);
                }
            }
            reply.readBody();
            reply.json(200, Messages.message("answered"));
        }));
        var first = clients.submit(() -> exchange(gateway, SENT));
        var second = clients.submit(() -> exchange(gateway, SENT));
        upstream.take();
        upstream.take();
        assertStatus(200, exchange(gateway, SENT));
        assertStatus(200, first.get());
        assertStatus(200, second.get());
        idle(gateway);
    }

    @Test
    void givesThePlaceOfAClientThatLeftToTheNext() throws Exception {
        var gateway = gateway("limits.memory", "1m");
        var held = holdTwo(gateway, 900_000);
        try (var third = connect(gateway)) {
            new LargeMessage(900_000).sendHead(third);
            third.send("{");
            eventually(() -> waiting(gateway) == 1);
        }
        var next = clients.submit(() -> exchange(gateway, 900_000));
        eventually(() -> (int) gateway.gateway("OpenExchanges") >= 3 && waiting(gateway) >= 1);
        answered(held);
        assertStatus(200, next.get(20, TimeUnit.SECONDS));
        assertThat(upstream.requests()).hasSize(3);
        idle(gateway);
    }

    @Test
    void givesTheRoomOfABrokenUploadToTheNext() throws Exception {
        var gateway = gateway("limits.memory", "1m");
        release.countDown();
        try (var broken = connect(gateway)) {
            new LargeMessage(900_000).sendHead(broken);
            broken.send("{\"half\":");
            eventually(() -> collected(gateway) == 64 * 1024);
            broken.reset();
        }
        idle(gateway);
        assertStatus(200, exchange(gateway, 900_000));
        idle(gateway);
    }

    @Test
    void refusesMoreExchangesThanTheLimitAtOnce() throws Exception {
        var gateway = gateway("limits.streams", "2");
        var held = List.of(
                clients.submit(() -> exchange(gateway, 300_000)), clients.submit(() -> exchange(gateway, 300_000)));
        upstream.take();
        upstream.take();
        for (var path : new String[] {"/v1/messages", "/anthropic/v1/messages", "/v1/files"}) {
            var refused = exchange(gateway, post(path).json("{}"));
            Refusal.check(refused, 503);
            assertThat(refused.fields().first("retry-after").orElse("")).matches("[1-9][0-9]*");
        }
        release.countDown();
        for (var answer : held) {
            assertStatus(200, answer.get(20, TimeUnit.SECONDS));
        }
        assertThat(upstream.requests()).hasSize(2);
        idle(gateway);
        assertStatus(200, exchange(gateway, 1000));
    }

    @Test
    void holdsNoMemoryForWhatWasOnlyDeclared() throws Exception {
        var gateway = gateway("limits.memory", "1m");
        try (var declared = connect(gateway)) {
            new LargeMessage(900_000).sendHead(declared);
            eventually(() -> (int) gateway.gateway("OpenExchanges") == 1);
            assertThat(collected(gateway)).isZero();
        }
        idle(gateway);
    }

    /** One body that has the room there is, and one that overdraws. */
    private List<Future<RawResponse>> holdTwo(Container gateway, long length) throws Exception {
        var held = new ArrayList<Future<RawResponse>>();
        for (int i = 0; i < 2; i++) {
            held.add(clients.submit(() -> exchange(gateway, length)));
            upstream.take().complete();
        }
        return held;
    }

    private void answered(List<Future<RawResponse>> held) throws Exception {
        release.countDown();
        for (var answer : held) {
            assertStatus(200, answer.get(20, TimeUnit.SECONDS));
        }
    }

    private static RawResponse exchange(Container gateway, long length) throws Exception {
        var message = new LargeMessage(length);
        try (var client = connect(gateway).readTimeout(60_000)) {
            message.sendHead(client);
            message.sendBody(client);
            return client.readResponse();
        }
    }

    /** Small requests are answered at once, large ones when the latch is open. */
    private static Script heldWhenLarge(CountDownLatch latch) {
        return (request, reply) -> {
            if (request.length() > 256 * 1024) {
                reply.await(latch);
            }
            reply.json(200, Messages.message("answered"));
        };
    }

    private static long mostWhile(Container gateway, List<Future<RawResponse>> answers) throws Exception {
        var most = new AtomicLong();
        Eventually.holds(Duration.ofMinutes(1), () -> {
            most.accumulateAndGet(collected(gateway), Math::max);
            return answers.stream().allMatch(Future::isDone);
        });
        return most.get();
    }

    private static int waiting(Container gateway) {
        return (int) gateway.gateway("RequestsWaitingForMemory");
    }

    private static long collected(Container gateway) {
        return (long) gateway.gateway("CollectedBytes");
    }

    private static void idle(Container gateway) throws Exception {
        eventually(
                () -> (int) gateway.gateway("OpenExchanges") == 0 && collected(gateway) == 0 && waiting(gateway) == 0);
    }

    /** A message of many bytes, written piece by piece so that no test holds a whole one. */
    private record LargeMessage(long length) {
        private static final String START = "{\"model\":\"claude-x\",\"messages\":[{\"role\":\"user\",\"content\":\"";
        private static final String END = "\"}]}";
        private static final int PIECE = 64 * 1024;

        /** Sends the head alone. */
        void sendHead(RawClient client) throws IOException {
            client.send(SharedContract.post("/v1/messages")
                    .field("Content-Length", Long.toString(length))
                    .head());
        }

        /** Sends the body, however long the gateway leaves it unread. */
        void sendBody(RawClient client) throws IOException {
            client.send(START);
            var piece = new byte[PIECE];
            Arrays.fill(piece, (byte) 'x');
            for (var left = length - START.length() - END.length(); left > 0; left -= PIECE) {
                client.send(new String(piece, 0, (int) Math.min(left, PIECE), StandardCharsets.US_ASCII));
            }
            client.send(END);
        }
    }
}
