package dev.warder.quota;

import static dev.warder.quota.SampleBudgets.reached;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.contract.Eventually;
import dev.warder.quota.Webhook.Result;
import dev.warder.quota.Webhook.WebhookSettings;
import dev.warder.testkit.Limit;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Script;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.upstream.Outbound;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a receiver that returns what a test wants. {@code NotificationContract} has the content of a message. */
@Timeout(60)
class WebhookTest {
    private static final String SECRET = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String PATH = "/services/planted-path";
    private static final Duration LIMIT = Limit.seconds(10);

    private final Queue<Thread> made = new ConcurrentLinkedQueue<>();
    private final AtomicLong jump = new AtomicLong();
    private final LogCapture log = LogCapture.start().plant(SECRET, "planted-path");
    private final ScriptedUpstream receiver = ScriptedUpstream.plain();
    private final Webhook webhook = webhook();

    WebhookTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        webhook.close();
        assertThat(log.leaks()).isEmpty();
        log.close();
        receiver.close();
    }

    @Test
    void sendsTheSameAgain() throws Exception {
        receiver.next(status(503)).next(status(408));
        webhook.start();
        webhook.offer(reached(80));
        for (var each : List.of(receiver.take(), receiver.take(), receiver.take())) {
            assertThat(each.fields().first("webhook-id")).contains(reached(80).id());
            assertThat(each.fields().first("content-type")).contains("application/json");
            assertThat(each.body()).isEqualTo(reached(80).json());
        }
        result(webhook, Result.SENT, 1);
        Eventually.holds(LIMIT, () -> lines(Level.INFO).size() == 2);
        assertThat(lines(Level.INFO))
                .containsExactly(
                        "budget.webhook: the receiver returned 503; notifications are sent again for up to 1 h",
                        "budget.webhook: the receiver accepts notifications again");
    }

    @Test
    void oneThatIsSentAgainDoesNotHoldUpOthers() throws Exception {
        receiver.next(later("3000"));
        webhook.start();
        webhook.offer(reached(75));
        receiver.take();
        webhook.offer(reached(90));
        assertThat(receiver.take().fields().first("webhook-id"))
                .contains(reached(90).id());
        result(webhook, Result.SENT, 1);
        assertThat(webhook.waiting()).isEqualTo(1);
    }

    @Test
    void dropsWhatIsRefusedAndFollowsNoRedirect() throws Exception {
        receiver.next(status(404)).next(status(410)).next(status(307)).next(status(302));
        webhook.start();
        for (int percent : new int[] {75, 80, 90, 100, 99}) {
            webhook.offer(reached(percent));
        }
        result(webhook, Result.SENT, 1);
        assertThat(webhook.count(Result.REFUSED)).isEqualTo(4);
        assertThat(receiver.requests())
                .hasSize(5)
                .extracting(RecordedRequest::path)
                .containsOnly(PATH);
        assertThat(lines(Level.WARNING))
                .containsExactly("budget.webhook: notifications are dropped, because the receiver returned 404");
    }

    @Test
    void givesUpAfterAnHour() throws Exception {
        receiver.next(later("3601")).next(status(503));
        webhook.start();
        webhook.offer(reached(75));
        result(webhook, Result.LATE, 1);
        try (var late = webhook()) {
            late.offer(reached(80));
            jump.addAndGet(Duration.ofHours(1).toNanos());
            late.start();
            result(late, Result.LATE, 1);
        }
    }

    @Test
    void dropsTheOldestWithoutRoom() throws Exception {
        webhook.offer(reached(75));
        for (int i = 0; i < Webhook.MOST; i++) {
            webhook.offer(reached(100));
        }
        assertThat(webhook.waiting()).isEqualTo(Webhook.MOST);
        assertThat(webhook.count(Result.FULL)).isEqualTo(1);
        assertThat(lines(Level.WARNING))
                .containsExactly("budget.webhook: notifications are dropped, because too many wait for the receiver");
        webhook.start();
        result(webhook, Result.SENT, Webhook.MOST);
        assertThat(receiver.requests())
                .extracting(each -> each.fields().first("webhook-id").orElse(""))
                .containsOnly(reached(100).id());
    }

    @Test
    void survivesALostConnection() throws Exception {
        receiver.next((request, reply) -> reply.closeNow());
        webhook.start();
        webhook.offer(reached(75));
        log.await("dev.warder.quota.Webhook", line -> line.contains("could not be reached"), LIMIT);
        result(webhook, Result.SENT, 1);
    }

    @Test
    void readsNoLongContent() throws Exception {
        receiver.next((request, reply) -> reply.floodEvents(1 << 30));
        webhook.start();
        webhook.offer(reached(75));
        result(webhook, Result.SENT, 1);
        var request = receiver.take();
        request.awaitPeerClosed(LIMIT);
        assertThat(request.written().value()).isLessThan(100 << 20);
    }

    @Test
    void sendsAtTheStopWhatWaits() throws Exception {
        receiver.next(later("3000"));
        webhook.start();
        webhook.offer(reached(75));
        Eventually.holds(LIMIT, () -> !lines(Level.WARNING).isEmpty());
        webhook.offer(reached(80));
        webhook.close();
        assertThat(webhook.count(Result.SENT)).isEqualTo(2);
        webhook.offer(reached(90));
        assertThat(webhook.count(Result.STOPPED)).isEqualTo(1);
    }

    @Test
    void stopsAlthoughTheReceiverDoesNotRespond() throws Exception {
        var never = new CountDownLatch(1);
        receiver.script((request, reply) -> reply.await(never));
        webhook.start();
        webhook.offer(reached(75));
        receiver.take();
        webhook.offer(reached(80));
        webhook.close();
        never.countDown();
        assertThat(webhook.count(Result.STOPPED)).isEqualTo(2);
        assertThat(webhook.waiting()).isZero();
        assertThat(lines(Level.WARNING)).isNotEmpty();
        assertThat(made).isNotEmpty();
        // Those of the HTTP client end a moment after it was closed.
        Eventually.holds(LIMIT, () -> made.stream().noneMatch(Thread::isAlive));
    }

    private Webhook webhook() {
        return new Webhook(
                new WebhookSettings(Secret.of(receiver.uri() + PATH), Secret.of("whsec_" + SECRET)),
                Outbound.DIRECT,
                task -> {
                    var thread = ScriptedUpstream.daemon("webhook", task);
                    made.add(thread);
                    return thread;
                },
                InstantSource.system(),
                () -> System.nanoTime() + jump.get(),
                new Random(1));
    }

    private static Script status(int status) {
        return (request, reply) -> reply.field("location", "/elsewhere").json(status, "{}");
    }

    private static Script later(String seconds) {
        return (request, reply) -> reply.field("retry-after", seconds).json(429, "{}");
    }

    private static void result(Webhook webhook, Result result, long count) throws Exception {
        Eventually.holds(LIMIT, () -> webhook.count(result) == count);
    }

    private List<String> lines(Level from) {
        return log.lines("dev.warder.quota", from).stream().map(LogLine::text).toList();
    }
}
