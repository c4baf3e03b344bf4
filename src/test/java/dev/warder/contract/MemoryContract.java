package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The budget for collected bodies: who finds no room waits unread, small requests go ahead, and nothing is ever lost. */
abstract class MemoryContract extends SharedContract {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int CLIENTS = 64;
    private static final long LARGE = 8 << 20;
    private static final long BUDGET = 64 << 20;
    /** Large bodies leave a sixteenth of the budget to small ones. */
    private static final int LARGE_AT_ONCE = 7;

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private CountDownLatch release = new CountDownLatch(0);

    MemoryContract(Container.Starter starter) {
        super(starter);
    }

    @BeforeEach
    void holdLargeOnes() {
        release = new CountDownLatch(1);
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
        Eventually.holds(
                SOON, () -> upstream.requests().size() == LARGE_AT_ONCE && waiting(gateway) == CLIENTS - LARGE_AT_ONCE);
        assertThat(collected(gateway)).isEqualTo(LARGE_AT_ONCE * LARGE);
        for (int i = 0; i < 20; i++) {
            assertThat(RawClient.exchange(
                                    gateway.baseUri(), post("/v1/messages").json("{\"a\":" + i + "}"))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(waiting(gateway)).isEqualTo(CLIENTS - LARGE_AT_ONCE);
        release.countDown();
        var most = mostWhile(gateway, answers);
        for (var answer : answers) {
            assertThat(answer.get().status()).isEqualTo(200);
        }
        assertThat(most).isBetween(LARGE, BUDGET);
        assertThat(upstream.requests().stream().filter(request -> request.length() == LARGE))
                .hasSize(CLIENTS);
        idle(gateway);
    }

    @Test
    void holdsNoMemoryForABodyThatWasSentWhileItsStreamGoesOn() throws Exception {
        var gateway = gateway("limits.memory", "64m");
        upstream.script((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            reply.await(release);
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        var streams = new ArrayList<RawClient>();
        for (int i = 0; i < 2 * LARGE_AT_ONCE; i++) {
            var client = RawClient.connect(gateway.baseUri());
            new LargeMessage(LARGE).sendHead(client);
            new LargeMessage(LARGE).sendBody(client);
            assertThat(client.readHead().status()).isEqualTo(200);
            streams.add(client);
        }
        Eventually.holds(SOON, () -> collected(gateway) == 0);
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
        var first = clients.submit(() -> exchange(gateway, 30 << 20));
        upstream.take().complete();
        assertThat(exchange(gateway, 30 << 20).status()).isEqualTo(503);
        release.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        idle(gateway);
    }

    @Test
    void refusesWhoWaitsTooLong() throws Exception {
        var gateway =
                gateway(deployment -> deployment.with("limits.memory", "1m").with("limits.memoryWait", "300ms"));
        var first = clients.submit(() -> exchange(gateway, 900_000));
        upstream.take().complete();
        try (var second = RawClient.connect(gateway.baseUri())) {
            new LargeMessage(900_000).sendHead(second);
            var refused = second.readResponse();
            Refusal.check(refused, 503, "overloaded_error");
            assertThat(refused.fields().first("retry-after").orElse("")).matches("[1-9][0-9]*");
        }
        release.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(upstream.requests()).hasSize(1);
        idle(gateway);
    }

    @Test
    void givesThePlaceOfAClientThatLeftToTheNext() throws Exception {
        var gateway = gateway("limits.memory", "1m");
        var first = clients.submit(() -> exchange(gateway, 900_000));
        upstream.take().complete();
        try (var second = RawClient.connect(gateway.baseUri())) {
            new LargeMessage(900_000).sendHead(second);
            Eventually.holds(SOON, () -> waiting(gateway) == 1);
        }
        var third = clients.submit(() -> exchange(gateway, 900_000));
        Eventually.holds(SOON, () -> (int) gateway.gateway("OpenExchanges") >= 2 && waiting(gateway) >= 1);
        release.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(third.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(upstream.requests()).hasSize(2);
        idle(gateway);
    }

    @Test
    void givesTheRoomOfABrokenUploadToTheNext() throws Exception {
        var gateway = gateway("limits.memory", "1m");
        release.countDown();
        try (var broken = RawClient.connect(gateway.baseUri())) {
            new LargeMessage(900_000).sendHead(broken);
            broken.send("{\"half\":");
            Eventually.holds(SOON, () -> collected(gateway) == 900_000);
            broken.reset();
        }
        idle(gateway);
        assertThat(exchange(gateway, 900_000).status()).isEqualTo(200);
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
            var refused = RawClient.exchange(gateway.baseUri(), post(path).json("{}"));
            Refusal.check(refused, 503, "overloaded_error");
            assertThat(refused.fields().first("retry-after").orElse("")).matches("[1-9][0-9]*");
        }
        release.countDown();
        for (var answer : held) {
            assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
        assertThat(upstream.requests()).hasSize(2);
        idle(gateway);
        assertThat(exchange(gateway, 1000).status()).isEqualTo(200);
    }

    private static RawResponse exchange(Container gateway, long length) throws Exception {
        var message = new LargeMessage(length);
        try (var client = RawClient.connect(gateway.baseUri()).readTimeout(60_000)) {
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
        Eventually.holds(
                SOON,
                () -> (int) gateway.gateway("OpenExchanges") == 0 && collected(gateway) == 0 && waiting(gateway) == 0);
    }
}
