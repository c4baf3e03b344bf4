package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.warder.config.Secret;
import dev.warder.contract.Eventually;
import dev.warder.observe.Metrics.ModelNames;
import dev.warder.observe.OtlpSettings.Signal;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.upstream.Outbound;
import dev.warder.usage.PriceBook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A collector that answers as it is told gets the telemetry of clients, which waits in a queue and is relayed, and metrics.
 */
class CollectorTest {
    private static final String SECRET = "planted-" + "collector".repeat(3);
    private static final Duration SOON = Duration.ofSeconds(20);

    private record Received(String text, long at) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    /** Statuses of the coming responses; 200 when it is empty. */
    private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer collector;
    private final Metrics metrics = new Metrics(Set.of(), Set.of(), new ModelNames(PriceBook::shipped));
    private volatile String retryAfter = "";

    /** While it is present, messages "hang" get no response. */
    private volatile Optional<CountDownLatch> hangsOn = Optional.empty();

    /** Whether responses end within their content. */
    private volatile boolean cut;

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong queueTime = new AtomicLong(1);
    private final RelayQueue queue = new RelayQueue(new RelayQueue.Limits(8, 100), queueTime::get);

    CollectorTest() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        collector.createContext("/", exchange -> {
            var text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(text, System.nanoTime()));
            if (text.equals("hang") && hangsOn.isPresent()) {
                await(hangsOn.get());
            }
            exchange.getResponseHeaders().add("location", "http://127.0.0.1:1/elsewhere");
            if (!retryAfter.isEmpty()) {
                exchange.getResponseHeaders().add("retry-after", retryAfter);
            }
            var next = statuses.poll();
            int status = next == null ? 200 : next;
            if (cut) {
                exchange.sendResponseHeaders(status, 100);
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
            } else {
                exchange.sendResponseHeaders(status, -1);
            }
            exchange.close();
        });
        collector.setExecutor(threads);
        collector.start();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        collector.stop(0);
        threads.shutdownNow();
        metrics.close();
    }

    @Test
    void sendsAgainAfterAStatusThatPermitsIt() throws Exception {
        statuses.addAll(List.of(503, 429));
        try (var relay = relay()) {
            relay.start();
            relay.offer(message("ci"));
            var times = new ArrayList<Long>();
            for (int i = 0; i < 3; i++) {
                times.add(take().at());
            }
            Eventually.holds(SOON, () -> relay.relayed() == 1);
            assertThat(times.get(1) - times.get(0))
                    .isGreaterThan(Duration.ofMillis(450).toNanos());
            assertThat(times.get(2) - times.get(1))
                    .isGreaterThan(Duration.ofMillis(900).toNanos());
            assertThat(dropped(relay)).isZero();
        }
    }

    @Test
    void waitsAsLongAsTheCollectorSays() throws Exception {
        retryAfter = "3";
        statuses.add(429);
        try (var relay = relay()) {
            relay.start();
            relay.offer(message("slow"));
            long first = take().at();
            relay.offer(message("other"));
            assertThat(take().at() - first).as("another client's").isLessThan(TimeUnit.SECONDS.toNanos(2));
            assertThat(take().at() - first).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(2_900));
            Eventually.holds(SOON, () -> relay.relayed() == 2);
        }
    }

    @Test
    void decidesByTheStatusWhereTheContentIsCut() throws Exception {
        cut = true;
        statuses.addAll(List.of(200, 400, 503, 200));
        try (var relay = relay()) {
            relay.start();
            relay.offer(message("ci", "accepted"));
            relay.offer(message("ci", "refused"));
            relay.offer(message("ci", "again"));
            assertThat(List.of(take().text(), take().text(), take().text(), take().text()))
                    .containsExactly("accepted", "refused", "again", "again");
            Eventually.holds(SOON, () -> relay.relayed() == 2);
            assertThat(relay.dropped(TelemetryRelay.Drop.REFUSED)).isEqualTo(1);
        }
    }

    @Test
    void dropsWhatTheCollectorRefusesOrWantsTooLate() throws Exception {
        statuses.addAll(List.of(400, 503, 200));
        try (var log = LogCapture.start().plant(SECRET);
                var relay = relay()) {
            relay.start();
            relay.offer(message("ci"));
            take();
            retryAfter = "301";
            relay.offer(message("ci"));
            take();
            Eventually.holds(SOON, () -> relay.dropped(TelemetryRelay.Drop.LATE) == 1);
            retryAfter = "";
            relay.offer(message("ci"));
            take();
            Eventually.holds(SOON, () -> relay.relayed() == 1);
            assertThat(relay.dropped(TelemetryRelay.Drop.REFUSED)).isEqualTo(1);
            assertThat(log.lines("dev.warder.observe", Level.INFO))
                    .extracting(line -> line.text())
                    .containsExactly("otlp.relay: telemetry of clients is dropped, because the collector returned 400");
            assertThat(log.leaks()).isEmpty();
        }
    }

    /** The collector reads each message, and responds to none of this client. */
    @Test
    void sendsForOthersWhileTheCollectorHangsOnAClient() throws Exception {
        var never = new CountDownLatch(1);
        hangsOn = Optional.of(never);
        try (var relay = relay()) {
            relay.start();
            for (int i = 0; i < 3; i++) {
                relay.offer(message("ci", "hang"));
            }
            long hanging = take().at();
            for (int i = 0; i < 5; i++) {
                relay.offer(message("dev" + i, "other"));
                var other = take();
                assertThat(other.text()).isEqualTo("other");
                assertThat(other.at() - hanging).isLessThan(TelemetryRelay.LIMIT.toNanos());
            }
            Eventually.holds(SOON, () -> relay.relayed() == 5);
            assertThat(dropped(relay)).isZero();
        } finally {
            never.countDown();
        }
    }

    /** So that the queue has what is new when the collector was away for longer. */
    @Test
    void countsTheTimeOfAMessageFromItsOffer() throws Exception {
        var now = new AtomicLong();
        statuses.add(503);
        try (var relay = relay(now::get)) {
            relay.offer(message("ci", "old"));
            now.addAndGet(Duration.ofMinutes(5).toNanos());
            relay.offer(message("ci", "new"));
            relay.start();
            assertThat(take().text()).isEqualTo("old");
            assertThat(take().text()).isEqualTo("new");
            Eventually.holds(SOON, () -> relay.relayed() == 1);
            assertThat(relay.dropped(TelemetryRelay.Drop.LATE)).isEqualTo(1);
        }
    }

    @Test
    void dropsWhatHasNoRoomAndEndsWithTheRest() {
        var relay = relay();
        for (int i = 0; i < 300; i++) {
            relay.offer(message("ci"));
        }
        assertThat(relay.waiting()).isEqualTo(250);
        assertThat(relay.waitingBytes()).isEqualTo(250);
        assertThat(relay.dropped(TelemetryRelay.Drop.FULL)).isEqualTo(50);
        relay.offer(message("dev"));
        assertThat(relay.waiting()).isEqualTo(251);
        relay.close();
        assertThat(relay.dropped(TelemetryRelay.Drop.STOPPED)).isEqualTo(251);
        assertThat(relay.waiting()).isZero();
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 32", "256, 32", "800, 50", "16384, 64"})
    void usesASixteenthOfTheHeap(long heap, long limit) {
        var telemetry = new ClientTelemetry(heap << 20, Optional.empty());
        assertThat(telemetry.memory.take("ci", limit << 19)).isPresent();
        assertThat(telemetry.memory.take("ci", 1)).isEmpty();
        assertThat(telemetry.memory.take("dev", limit << 19)).isPresent();
        assertThat(telemetry.memory.take("other", 1)).isEmpty();
        assertThat(telemetry.memory()).isEqualTo(limit << 20);
    }

    @Test
    void acceptsAndCountsWhatTheRelayHasNoRoomFor() {
        try (var relay = relay()) {
            var telemetry = new ClientTelemetry(1, Optional.of(relay));
            for (int i = 0; i < 260; i++) {
                telemetry.accept(message("ci"));
            }
            assertThat(relay.waiting()).isEqualTo(250);
            assertThat(relay.dropped(TelemetryRelay.Drop.FULL)).isEqualTo(10);
            assertThat(telemetry.received(Signal.METRICS)).isEqualTo(260);
        }
    }

    @Test
    void pushesMetricsAndWarnsOnce() {
        statuses.addAll(List.of(503, 307, 200, 200));
        try (var log = LogCapture.start().plant(SECRET);
                var push = push()) {
            for (int i = 0; i < 4; i++) {
                push.push();
            }
            assertThat(received).hasSize(4);
            assertThat(log.lines("dev.warder.observe", Level.INFO))
                    .extracting(line -> line.text())
                    .containsExactly(
                            "otlp.url: the collector returned 503; metrics are sent again every minute",
                            "otlp.url: the collector responds again");
            assertThat(log.leaks()).isEmpty();
        }
    }

    @Test
    void pushesMetricsWhileTheCollectorIsAwayAndNoneAfterTheEnd() {
        var push = push();
        collector.stop(0);
        try (var log = LogCapture.start()) {
            push.push();
            push.push();
            assertThat(log.lines("dev.warder.observe", Level.WARNING)).hasSize(1);
        } finally {
            push.close();
        }
        push.push();
        assertThat(received).isEmpty();
    }

    private MetricsPush push() {
        return new MetricsPush(
                settings(),
                List.of(metrics.registry()),
                "i",
                InstantSource.system(),
                Outbound.DIRECT,
                task -> ScriptedUpstream.daemon("push", task));
    }

    private TelemetryRelay relay() {
        return relay(System::nanoTime);
    }

    private TelemetryRelay relay(LongSupplier nanoTime) {
        return new TelemetryRelay(
                settings(),
                Outbound.DIRECT,
                task -> ScriptedUpstream.daemon("relay", task),
                InstantSource.system(),
                nanoTime,
                new Random(1));
    }

    private OtlpSettings settings() {
        return new OtlpSettings(
                URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/base"),
                Optional.of(Secret.of("Authorization=Bearer%20" + SECRET)),
                false,
                Set.of(Signal.METRICS, Signal.LOGS));
    }

    private Received take() throws InterruptedException {
        var next = received.poll(20, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static long dropped(TelemetryRelay relay) {
        long sum = 0;
        for (var why : TelemetryRelay.Drop.values()) {
            sum += relay.dropped(why);
        }
        return sum;
    }

    private static TelemetryRelay.Message message(String client) {
        return message(client, "x");
    }

    private static TelemetryRelay.Message message(String client, String text) {
        return new TelemetryRelay.Message(
                Signal.METRICS, client, "application/json", Optional.empty(), text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void clientsTakeTurns() throws Exception {
        offer("a", 1);
        offer("a", 1);
        offer("b", 1);
        var order = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            var next = entry();
            order.add(next.message.client());
            queue.remove(next);
        }
        assertThat(order).containsExactly("a", "b", "a");
        assertThat(queue.take(0)).isEmpty();
        assertThat(queue.messages()).isZero();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void aMessageThatIsDelayedHoldsUpItsClientOnly() throws Exception {
        offer("a", 1);
        offer("a", 2);
        offer("b", 3);
        var first = entry();
        queue.delay(first, MINUTE);
        var other = entry();
        assertThat(other.message.client()).isEqualTo("b");
        queue.remove(other);
        queueTime.addAndGet(MINUTE);
        assertThat(entry()).isSameAs(first);
    }

    @Test
    void oneClientHasAQuarterOfTheRoom() {
        assertThat(offer("a", 1)).isTrue();
        assertThat(offer("a", 1)).isTrue();
        assertThat(offer("a", 1)).isFalse();
        assertThat(queue.messages()).isEqualTo(2);
        assertThat(queue.bytes()).isEqualTo(2);
    }

    @Test
    void oneClientHasAQuarterOfTheBytes() {
        assertThat(offer("a", 10)).isTrue();
        assertThat(offer("a", 16)).isFalse();
        assertThat(offer("a", 15)).isTrue();
        assertThat(queue.messages()).isEqualTo(2);
        assertThat(queue.bytes()).isEqualTo(25);
    }

    @Test
    void eachClientMayAddOneLargeMessage() throws Exception {
        assertThat(offer("a", 25)).isTrue();
        assertThat(offer("a", 1)).isFalse();
        assertThat(offer("b", 25)).isTrue();
        assertThat(offer("b", 1)).isFalse();
        assertThat(offer("c", 51)).as("more than is free").isFalse();
        assertThat(offer("c", 50)).isTrue();
        assertThat(offer("d", 1)).isFalse();
        queue.remove(entry());
        assertThat(offer("d", 25)).isTrue();
        assertThat(queue.bytes()).isEqualTo(100);
    }

    @Test
    void eachClientMayAddOneMessageUntilTheirNumberIsReached() {
        for (int i = 0; i < 8; i++) {
            assertThat(offer("client" + i, 1)).isTrue();
        }
        assertThat(offer("another", 1)).isFalse();
    }

    @Test
    void clientsThatSendAllTheyMayLeaveRoomForAnother() throws Exception {
        var large = new RelayQueue(new RelayQueue.Limits(1_000, 16 << 20), queueTime::get);
        for (var client : List.of("a", "b", "c", "d")) {
            fill(large, client);
        }
        assertThat(large.messages()).isBetween(600, 700);
        assertThat(fill(large, "e")).isGreaterThan(50);
        for (int i = 0; i < 100; i++) {
            fill(large, "further" + i);
        }
        assertThat(large.messages()).isBetween(900, 1_000);
    }

    private static int fill(RelayQueue queue, String client) {
        int taken = 0;
        while (queue.offer(ofLength(client, 1))) {
            taken++;
        }
        return taken;
    }

    @Test
    void endsAWaitWhenItIsClosed() throws Exception {
        var waiting = new Thread(() -> {
            try {
                queue.take(TimeUnit.HOURS.toNanos(1));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        offer("a", 1);
        queue.delay(entry(), MINUTE);
        waiting.start();
        assertThat(queue.close()).isEqualTo(1);
        waiting.join(TimeUnit.SECONDS.toMillis(10));
        assertThat(waiting.isAlive()).isFalse();
        assertThat(offer("a", 1)).isFalse();
        assertThat(queue.take(MINUTE)).isEmpty();
    }

    private RelayQueue.Entry entry() throws InterruptedException {
        return queue.take(0).orElseThrow();
    }

    private boolean offer(String client, int length) {
        return queue.offer(ofLength(client, length));
    }

    private static TelemetryRelay.Message ofLength(String client, int length) {
        return new TelemetryRelay.Message(
                Signal.METRICS, client, "application/x-protobuf", Optional.empty(), new byte[length]);
    }
}
