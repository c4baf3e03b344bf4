package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.warder.config.Secret;
import dev.warder.testkit.LogCapture;
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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a collector that answers as it is told. */
class TelemetryRelayTest {
    private static final String SECRET = "planted-" + "collector".repeat(3);

    private record Received(
            String path, String type, String coding, String authorization, String client, String text, long at) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    /** Statuses of the coming responses; 200 when it is empty. */
    private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();

    private final HttpServer collector;
    private volatile String retryAfter = "";

    /** Whether responses end within their content. */
    private volatile boolean cut;

    TelemetryRelayTest() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        collector.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            received.add(new Received(
                    exchange.getRequestURI().getPath(),
                    headers.getFirst("content-type"),
                    headers.getFirst("content-encoding"),
                    headers.getFirst("authorization"),
                    headers.getFirst("x-warder-client"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    System.nanoTime()));
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
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
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
            until(() -> relay.relayed() == 1);
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
            until(() -> relay.relayed() == 2);
        }
    }

    @Test
    void decidesByTheStatusWhereTheContentIsCut() throws Exception {
        cut = true;
        statuses.addAll(List.of(200, 400, 503, 200));
        try (var relay = relay()) {
            relay.start();
            relay.offer(message("ci", Signal.METRICS, "accepted", Optional.empty()));
            relay.offer(message("ci", Signal.METRICS, "refused", Optional.empty()));
            relay.offer(message("ci", Signal.METRICS, "again", Optional.empty()));
            assertThat(List.of(take().text(), take().text(), take().text(), take().text()))
                    .containsExactly("accepted", "refused", "again", "again");
            until(() -> relay.relayed() == 2);
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
            until(() -> relay.dropped(TelemetryRelay.Drop.LATE) == 1);
            retryAfter = "";
            relay.offer(message("ci"));
            take();
            until(() -> relay.relayed() == 1);
            assertThat(relay.dropped(TelemetryRelay.Drop.REFUSED)).isEqualTo(1);
            assertThat(log.lines("dev.warder.observe", Level.INFO))
                    .extracting(line -> line.text())
                    .containsExactly("otlp.relay: telemetry of clients is dropped, because the collector returned 400");
            assertThat(log.leaks()).isEmpty();
        }
    }

    /** So that the queue has what is new when the collector was away for longer. */
    @Test
    void countsTheTimeOfAMessageFromItsOffer() throws Exception {
        var now = new AtomicLong();
        statuses.add(503);
        try (var relay = relay(now::get)) {
            relay.offer(message("ci", Signal.METRICS, "old", Optional.empty()));
            now.addAndGet(Duration.ofMinutes(5).toNanos());
            relay.offer(message("ci", Signal.METRICS, "new", Optional.empty()));
            relay.start();
            assertThat(take().text()).isEqualTo("old");
            assertThat(take().text()).isEqualTo("new");
            until(() -> relay.relayed() == 1);
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

    private TelemetryRelay relay() {
        return relay(System::nanoTime);
    }

    private TelemetryRelay relay(LongSupplier nanoTime) {
        var settings = new OtlpSettings(
                URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/base"),
                Optional.of(Secret.of("Authorization=Bearer%20" + SECRET)),
                false,
                Set.of(Signal.METRICS, Signal.LOGS));
        return new TelemetryRelay(
                settings,
                task -> {
                    var thread = new Thread(task);
                    thread.setDaemon(true);
                    return thread;
                },
                InstantSource.system(),
                nanoTime,
                new Random(1));
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

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static RelayMessage message(String client) {
        return message(client, Signal.METRICS, "x", Optional.empty());
    }

    private static RelayMessage message(String client, Signal signal, String text, Optional<String> coding) {
        return new RelayMessage(signal, client, "application/json", coding, text.getBytes(StandardCharsets.UTF_8));
    }
}
