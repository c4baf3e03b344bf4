package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.warder.config.Secret;
import dev.warder.contract.Eventually;
import dev.warder.json.JsonTree;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Period;
import dev.warder.quota.Webhook.WebhookSettings;
import dev.warder.testkit.Limit;
import dev.warder.testkit.LogCapture;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a receiver that returns what a test wants. */
@Timeout(60)
class WebhookTest {
    private static final byte[] KEY = "planted-".repeat(4).getBytes(StandardCharsets.US_ASCII);
    private static final String SECRET = Base64.getEncoder().encodeToString(KEY);
    private static final String PATH = "/services/planted-path";
    private static final Duration LIMIT = Limit.seconds(10);

    private record Received(String path, String type, String id, String timestamp, String signature, String content) {
        JsonObject document() {
            return JsonTree.parseObject(content).orElseThrow();
        }
    }

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    /** Statuses of the coming responses; 204 when it is empty. */
    private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();

    private final Queue<Thread> made = new ConcurrentLinkedQueue<>();
    private final AtomicLong flooded = new AtomicLong();
    private final AtomicLong jump = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer receiver;
    private volatile String retryAfter = "";
    private volatile boolean silent;
    private volatile boolean endless;

    WebhookTest() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        receiver.setExecutor(threads);
        receiver.createContext("/", this::respond);
        receiver.start();
    }

    @AfterEach
    void stop() {
        ended.countDown();
        receiver.stop(0);
        threads.shutdownNow();
    }

    private void respond(HttpExchange exchange) throws IOException {
        var fields = exchange.getRequestHeaders();
        received.add(new Received(
                exchange.getRequestURI().getPath(),
                fields.getFirst("content-type"),
                fields.getFirst("webhook-id"),
                fields.getFirst("webhook-timestamp"),
                fields.getFirst("webhook-signature"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        var next = statuses.poll();
        if (!retryAfter.isEmpty()) {
            exchange.getResponseHeaders().add("retry-after", retryAfter);
        }
        exchange.getResponseHeaders().add("location", url() + "/elsewhere");
        if (silent) {
            awaitEnd();
        } else if (endless) {
            exchange.sendResponseHeaders(200, 0);
            flood(exchange.getResponseBody());
        } else {
            exchange.sendResponseHeaders(next == null ? 204 : next, -1);
        }
        exchange.close();
    }

    /** Writes until the connection is closed. */
    private void flood(OutputStream content) {
        try {
            while (flooded.addAndGet(4096) < 1 << 30) {
                content.write(new byte[4096]);
            }
        } catch (IOException closed) {
            ended.countDown();
        }
    }

    private void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void sendsWhatPeopleAndProgramsRead() throws Exception {
        try (var webhook = started()) {
            webhook.offer(Reached.team(80));
            var message = take();
            assertThat(message.path()).isEqualTo(PATH);
            assertThat(message.type()).isEqualTo("application/json");
            assertThat(Instant.ofEpochSecond(Long.parseLong(message.timestamp())))
                    .isBetween(Instant.now().minusSeconds(30), Instant.now().plusSeconds(1));
            var document = message.document();
            assertThat(document.keySet())
                    .containsExactly(
                            "id",
                            "type",
                            "time",
                            "text",
                            "budget",
                            "scope",
                            "mode",
                            "period_start",
                            "period_end",
                            "share",
                            "amount",
                            "spent");
            assertThat(document.values().stream().map(value -> ((JsonString) value).getString()))
                    .containsExactly(
                            message.id(),
                            "dev.warder.budget.threshold",
                            "2026-11-23T12:34:56.500Z",
                            Reached.team(80).text(),
                            "team/payments/month",
                            "team",
                            "enforce",
                            "2026-10-31T23:00:00Z",
                            "2026-11-30T23:00:00Z",
                            "0.8",
                            "4000",
                            "3200.25");
            sent(webhook, 1);
        }
    }

    @Test
    void sendsALifetimeWithoutAnEnd() throws Exception {
        try (var webhook = started()) {
            webhook.offer(Reached.of(BudgetScope.ORGANIZATION, "", Period.LIFETIME, BudgetMode.SHADOW, 90));
            assertThat(take().document().get("period_end")).isEqualTo(JsonValue.NULL);
        }
    }

    @Test
    void sendsTheSameAgainWithATimeOfItsOwn() throws Exception {
        statuses.addAll(List.of(503, 408, 200));
        try (var log = LogCapture.start().plant(SECRET, "planted-path");
                var webhook = started()) {
            webhook.offer(Reached.team(80));
            var tries = List.of(take(), take(), take());
            assertThat(tries)
                    .extracting(Received::id)
                    .containsOnly(Reached.team(80).id());
            assertThat(tries).allSatisfy(each -> assertThat(each.signature()).isEqualTo(signature(each)));
            assertThat(tries).extracting(Received::timestamp).hasSizeGreaterThan(1);
            sent(webhook, 1);
            Eventually.holds(
                    LIMIT,
                    () -> log.lines("dev.warder.quota", Level.INFO).size() == 2);
            assertThat(log.lines("dev.warder.quota", Level.INFO))
                    .extracting(line -> line.text())
                    .containsExactly(
                            "budget.webhook: the receiver returned 503; notifications are sent again for up to 1 h",
                            "budget.webhook: the receiver accepts notifications again");
            assertThat(log.leaks()).isEmpty();
        }
    }

    @Test
    void oneThatIsSentAgainDoesNotHoldUpOthers() throws Exception {
        statuses.add(500);
        retryAfter = "3000";
        try (var webhook = started()) {
            webhook.offer(Reached.team(75));
            take();
            retryAfter = "";
            webhook.offer(Reached.team(90));
            assertThat(take().id()).isEqualTo(Reached.team(90).id());
            sent(webhook, 1);
            assertThat(webhook.waiting()).isEqualTo(1);
        }
    }

    @Test
    void dropsWhatIsRefusedAndFollowsNoRedirect() throws Exception {
        statuses.addAll(List.of(404, 410, 307, 302, 200));
        try (var log = LogCapture.start().plant(SECRET, "planted-path");
                var webhook = started()) {
            for (int percent : new int[] {75, 80, 90, 100, 99}) {
                webhook.offer(Reached.team(percent));
            }
            sent(webhook, 1);
            assertThat(webhook.count(Webhook.Result.REFUSED)).isEqualTo(4);
            assertThat(received).hasSize(5).extracting(Received::path).containsOnly(PATH);
            assertThat(log.lines("dev.warder.quota", Level.WARNING))
                    .extracting(line -> line.text())
                    .containsExactly("budget.webhook: notifications are dropped, because the receiver returned 404");
            assertThat(log.leaks()).isEmpty();
        }
    }

    @Test
    void givesUpAfterAnHour() throws Exception {
        statuses.addAll(List.of(429, 503));
        retryAfter = "3601";
        try (var webhook = started()) {
            webhook.offer(Reached.team(75));
            dropped(webhook, Webhook.Result.LATE, 1);
            retryAfter = "";
        }
        try (var webhook = webhook()) {
            webhook.offer(Reached.team(80));
            jump.addAndGet(Duration.ofHours(1).toNanos());
            webhook.start();
            dropped(webhook, Webhook.Result.LATE, 1);
        }
    }

    @Test
    void dropsTheOldestWithoutRoom() throws Exception {
        try (var log = LogCapture.start();
                var webhook = webhook()) {
            webhook.offer(Reached.team(75));
            for (int i = 0; i < Webhook.MOST; i++) {
                webhook.offer(Reached.team(100));
            }
            assertThat(webhook.waiting()).isEqualTo(Webhook.MOST);
            assertThat(webhook.count(Webhook.Result.FULL)).isEqualTo(1);
            assertThat(log.lines("dev.warder.quota", Level.WARNING))
                    .extracting(line -> line.text())
                    .containsExactly(
                            "budget.webhook: notifications are dropped, because too many wait for the receiver");
            webhook.start();
            sent(webhook, Webhook.MOST);
            assertThat(received)
                    .extracting(Received::id)
                    .containsOnly(Reached.team(100).id());
        }
    }

    @Test
    void survivesAReceiverThatIsAway() throws Exception {
        int port = receiver.getAddress().getPort();
        receiver.stop(0);
        try (var log = LogCapture.start();
                var webhook = started()) {
            webhook.offer(Reached.team(75));
            log.await("dev.warder.quota.Webhook", line -> line.contains("could not be reached"), LIMIT);
            var back = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            back.createContext("/", this::respond);
            back.start();
            sent(webhook, 1);
            back.stop(0);
        }
    }

    @Test
    void readsNoLongContent() throws Exception {
        endless = true;
        try (var webhook = started()) {
            webhook.offer(Reached.team(75));
            sent(webhook, 1);
            assertThat(ended.await(20, TimeUnit.SECONDS))
                    .as("the connection is closed")
                    .isTrue();
            assertThat(flooded).hasValueLessThan(100 << 20);
        }
    }

    @Test
    void sendsAtTheStopWhatWaits() throws Exception {
        statuses.add(503);
        retryAfter = "3000";
        var webhook = started();
        webhook.offer(Reached.team(75));
        take();
        Eventually.holds(LIMIT, () -> statuses.isEmpty());
        webhook.offer(Reached.team(80));
        webhook.close();
        assertThat(webhook.count(Webhook.Result.SENT)).isEqualTo(2);
        webhook.offer(Reached.team(90));
        assertThat(webhook.count(Webhook.Result.STOPPED)).isEqualTo(1);
    }

    @Test
    void stopsAlthoughTheReceiverDoesNotRespond() throws Exception {
        silent = true;
        try (var log = LogCapture.start()) {
            var webhook = started();
            webhook.offer(Reached.team(75));
            take();
            webhook.offer(Reached.team(80));
            webhook.close();
            assertThat(webhook.count(Webhook.Result.STOPPED)).isEqualTo(2);
            assertThat(webhook.waiting()).isZero();
            assertThat(made).isNotEmpty();
            // Those of the HTTP client end a moment after it was closed.
            Eventually.holds(LIMIT, () -> made.stream().noneMatch(Thread::isAlive));
            assertThat(log.lines("dev.warder.quota", Level.WARNING)).isNotEmpty();
        }
    }

    private Webhook started() {
        var webhook = webhook();
        webhook.start();
        return webhook;
    }

    private Webhook webhook() {
        return new Webhook(
                new WebhookSettings(Secret.of(url() + PATH), Secret.of("whsec_" + SECRET)),
                task -> {
                    var thread = new Thread(task);
                    thread.setDaemon(true);
                    made.add(thread);
                    return thread;
                },
                InstantSource.system(),
                () -> System.nanoTime() + jump.get(),
                new Random(1));
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort();
    }

    private Received take() throws InterruptedException {
        var next = received.poll(20, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static void sent(Webhook webhook, long count) throws Exception {
        Eventually.holds(LIMIT, () -> webhook.count(Webhook.Result.SENT) == count);
    }

    private static void dropped(Webhook webhook, Webhook.Result why, long count) throws Exception {
        Eventually.holds(LIMIT, () -> webhook.count(why) == count);
    }

    private static String signature(Received message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
            mac.update((message.id() + "." + message.timestamp() + ".").getBytes(StandardCharsets.US_ASCII));
            return "v1,"
                    + Base64.getEncoder()
                            .encodeToString(mac.doFinal(message.content().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
