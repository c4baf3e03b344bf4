package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.warder.json.JsonTree;
import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** Metrics by JMX and by OTLP, and the settings of the log. */
class TelemetryContract extends GroundContract {
    private static final String SECRET = "planted-" + "collector".repeat(3);

    @Test
    void showsTheSameNumbersAsBeans() throws Exception {
        var container = ground.container("beans", ground.usual());
        ok(container, models(container));
        var server = ManagementFactory.getPlatformMBeanServer();
        var application = "dev.warder:type=Metrics,context=" + ObjectName.quote(container.contextPath());
        var requests =
                new ObjectName(application + ",name=warder.requests,route=models,dialect=anthropic,status=200,end=ok");
        // A bean is registered just before its first number is counted.
        Eventually.holds(
                Duration.ofSeconds(5),
                () -> server.isRegistered(requests)
                        && server.getAttribute(requests, "Value").equals(1.0));
        var times = new ObjectName(application + ",name=warder.request.duration,route=models");
        Eventually.holds(
                Duration.ofSeconds(5),
                () -> server.isRegistered(times) && (Double) server.getAttribute(times, "TotalSeconds") > 0);
        var open = new ObjectName(application + ",name=warder.exchanges.open");
        // The record ends before the exchange leaves.
        Eventually.holds(
                Duration.ofSeconds(5), () -> server.getAttribute(open, "Value").equals(0.0));
        container.close();
        assertThat(server.queryNames(new ObjectName(application + ",*"), null)).isEmpty();
    }

    @Test
    void sendsMetricsToTheCollector() throws Exception {
        BlockingQueue<ExportMetricsServiceRequest> received = new LinkedBlockingQueue<>();
        BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();
        var collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/metrics", exchange -> {
            authorizations.add(exchange.getRequestHeaders().getFirst("authorization"));
            received.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try {
            ground.log().plant(SECRET);
            var container = ground.container(
                    "pushed",
                    ground.usual()
                            .with(
                                    "otlp.url",
                                    "http://127.0.0.1:" + collector.getAddress().getPort())
                            .withSecret("otlp.headers", "Authorization=Bearer%20" + SECRET));
            var message = received.poll(10, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            assertThat(message.getResourceMetrics(0).getScopeMetrics(0).getMetricsList())
                    .anyMatch(metric -> metric.getName().equals("warder.exchanges.open"));
            assertThat(authorizations).containsExactly("Bearer " + SECRET);
            container.close();
        } finally {
            collector.stop(0);
        }
    }

    @Test
    void logsCredentialsAtInfoWhereItIsVerbose() throws Exception {
        var container = ground.container("verbose", ground.usual().with("log.level", "verbose"));
        var id = Ground.send(container, models(container))
                .fields()
                .first("X-Warder-Request-Id")
                .orElseThrow();
        var line = "[ApiKey] Using managed API key for request " + id;
        assertThat(ground.log()
                        .await("dev.warder", line::equals, Duration.ofSeconds(5))
                        .level())
                .isEqualTo(Level.INFO);
    }

    @Test
    void logsEachRequestAsJson() throws Exception {
        var container = ground.container("json", ground.usual().with("log.format", "json"));
        var id = Ground.send(container, models(container))
                .fields()
                .first("X-Warder-Request-Id")
                .orElseThrow();
        var line =
                ground.log().await("dev.warder.access", text -> text.contains("\"" + id + "\""), Duration.ofSeconds(5));
        var json = JsonTree.parseObject(line.text()).orElseThrow();
        assertThat(json.getString("path")).isEqualTo("/v1/models");
        assertThat(json.getInt("status")).isEqualTo(200);
        assertThat(json.getString("end")).isEqualTo("ok");
    }

    private static RawRequest models(Container container) {
        return Ground.request(container, "GET", "/v1/models").field("x-api-key", Contract.ACCESS_TOKEN);
    }
}
