package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.warder.config.Secret;
import dev.warder.testkit.LogCapture;
import dev.warder.usage.PriceBook;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsPushTest {
    private static final String SECRET = "planted-" + "collector".repeat(3);

    private record Received(String path, String type, String authorization, ExportMetricsServiceRequest message) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final Metrics metrics = new Metrics(Set.of(), Set.of(), new ModelNames(PriceBook::shipped));
    private final HttpServer server;
    private volatile int status = 200;

    MetricsPushTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.createContext("/", exchange -> {
            received.add(new Received(
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("content-type"),
                    exchange.getRequestHeaders().getFirst("authorization"),
                    ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody())));
            exchange.getResponseHeaders().add("location", "http://127.0.0.1:1/elsewhere");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        metrics.close();
    }

    @Test
    void warnsOnceAndGoesOn() {
        try (var log = LogCapture.start().plant(SECRET);
                var push = push(server.getAddress().getPort())) {
            for (int each : new int[] {503, 307, 200, 200}) {
                status = each;
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
    void survivesACollectorThatIsAwayAndTheEnd() {
        int port = server.getAddress().getPort();
        server.stop(0);
        var push = push(port);
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

    private MetricsPush push(int port) {
        var settings = new OtlpSettings(
                URI.create("http://127.0.0.1:" + port + "/base"),
                Optional.of(Secret.of("Authorization=Bearer%20" + SECRET)),
                false,
                Set.of());
        return new MetricsPush(settings, List.of(metrics.registry()), "i", InstantSource.system(), task -> {
            var thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
    }
}
