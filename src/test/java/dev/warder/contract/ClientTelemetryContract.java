package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.warder.observe.Scrape;
import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The telemetry of clients: accepted with a token, relayed to a collector, and never sent to the upstream. */
class ClientTelemetryContract extends GroundContract {
    private static final String SECRET = "planted-" + "collector".repeat(3);
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";
    private static final int LIMIT = 4 << 20;
    private static final byte[] METRICS = utf8("{\"resourceMetrics\":[{}]}");

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Relayed(
            String path,
            String type,
            @Nullable String coding,
            String authorization,
            @Nullable String token,
            List<String> clients,
            byte[] body) {}

    private final BlockingQueue<Relayed> relayed = new LinkedBlockingQueue<>();
    private final String limited = token();
    private HttpServer collector;
    private Container gateway;

    @BeforeAll
    final void deploy() throws Exception {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            var fields = exchange.getRequestHeaders();
            relayed.add(new Relayed(
                    exchange.getRequestURI().getPath(),
                    fields.getFirst("content-type"),
                    fields.getFirst("content-encoding"),
                    fields.getFirst("authorization"),
                    fields.getFirst("x-api-key"),
                    List.copyOf(fields.getOrDefault("X-warder-client", List.of())),
                    exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        log.plant(SECRET, limited);
        var clients =
                Files.writeString(folder.resolve("clients"), line(limited, "support") + " models=claude-haiku-*\n");
        gateway = ground.container(
                "relay",
                ground.usual()
                        .with("clients.file", clients.toString())
                        .with("metrics.open", "true")
                        .with(
                                "otlp.url",
                                "http://127.0.0.1:" + collector.getAddress().getPort() + "/base")
                        .with("otlp.headers", "jndi:warder/secret.otlp")
                        .with("otlp.relay", "metrics")
                        .withJndi(
                                "warder/secret.otlp",
                                "Authorization=Bearer%20" + SECRET + ",x-warder-client=operator"));
    }

    @AfterAll
    final void stopCollector() {
        collector.stop(0);
    }

    @AfterEach
    final void nothingGoesToTheUpstream() throws Exception {
        assertThat(upstream.requests()).isEmpty();
        eventually(() -> value("warder_telemetry_memory_bytes") == 0);
        eventually(() -> value("warder_telemetry_queued") == 0);
        relayed.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/metrics", "/v1/logs", "/v1/traces", "/v1/metrics/", "/anthropic/v1/logs"})
    void needsAnAccessToken(String path) throws Exception {
        Answers.refused(send(gateway, request(gateway, "POST", path).json("{}")), 401);
        Answers.refused(send(request(gateway, "POST", path).bearer("wrong").json("{}")), 401);
    }

    @EachItem(
            """
            /v1/metrics, /v1/logs, /v1/traces, /anthropic/v1/metrics, /anthropic/v1/logs, /anthropic/v1/traces""")
    void answersInTheFormatOfTheRequest(String path) throws Exception {
        var json = assertStatus(200, send(post(path).json("{}")));
        assertThat(json.fields().values("content-type")).containsExactly(JSON);
        assertThat(json.text()).isEqualTo("{}");
        var empty = assertStatus(200, send(content(post(path), new byte[0], PROTOBUF, null)));
        assertThat(empty.fields().values("content-type")).containsExactly(PROTOBUF);
        assertThat(ExportMetricsServiceResponse.parseFrom(empty.body()).hasPartialSuccess())
                .isFalse();
        assertThat(ExportLogsServiceResponse.parseFrom(empty.body()).hasPartialSuccess())
                .isFalse();
    }

    @Test
    void relaysTheBytes() throws Exception {
        relays(post("/v1/metrics"), "shared", metrics("one"), PROTOBUF, null);
        var json = send(post("/v1/metrics")
                .field("Content-Type", JSON + "; charset=utf-8")
                .body(METRICS));
        relayed(json, "shared", METRICS, JSON, null);
        relays(post("/v1/metrics"), "shared", GzipBytes.gzip(metrics("two")), PROTOBUF, "gzip");
        relays(request(gateway, "POST", "/v1/metrics").bearer(limited), "support", metrics("three"), PROTOBUF, null);
    }

    @Test
    void relaysWhatOnlyTheCollectorCanRead() throws Exception {
        relays(post("/v1/metrics"), "shared", utf8("{\"resourceMetrics\":"), JSON, null);
        relays(post("/v1/metrics"), "shared", new byte[] {1, 2, 3}, PROTOBUF, "gzip");
    }

    @Test
    void namesTheTrueClientWhateverTheRequestAndTheSettingSay() throws Exception {
        relays(post("/v1/metrics").field("X-Warder-Client", "support"), "shared", metrics("one"), PROTOBUF, null);
    }

    @Test
    void readsABodyOfUnknownLength() throws Exception {
        try (var client = connect(gateway)) {
            client.send(post("/v1/metrics")
                    .field("Content-Type", JSON)
                    .field("Transfer-Encoding", "chunked")
                    .head());
            for (byte each : METRICS) {
                client.sendChunk(new byte[] {each});
            }
            client.sendChunk(new byte[0]);
            relayed(client.readResponse(), "shared", METRICS, JSON, null);
        }
    }

    @Test
    void relaysOnlyWhatTheOperatorWants() throws Exception {
        var logs = "{\"resourceLogs\":[]}";
        double before = value("warder_telemetry_received_total{signal=\"logs\"}");
        assertStatus(200, send(post("/v1/logs").json(logs)));
        assertStatus(200, send(post("/v1/traces").json("{\"resourceSpans\":[]}")));
        relays(post("/v1/metrics"), "shared", metrics("one"), PROTOBUF, null);
        assertThat(value("warder_telemetry_received_total{signal=\"logs\"}")).isEqualTo(before + 1);
        assertThat(relayed).isEmpty();
    }

    @Test
    void acceptsTelemetryWithoutACollector() throws Exception {
        var plain = ground.container();
        ok(plain, content(authenticated(plain, "POST", "/v1/metrics"), metrics("one"), PROTOBUF, null));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /v1/metrics,   application/json,       405",
        "PUT,  /v1/logs,      application/json,       405",
        "POST, /v1/metrics/,  application/json,       404",
        "POST, /v1/traces/x,  application/x-protobuf, 404",
        "POST, /anthropic/v1/metrics/x,      application/json, 404",
        "POST, /anthropic/anthropic/v1/logs, application/json, 404",
        "GET,  /anthropic/v1/logs,           application/json, 405",
        "POST, /v1/metrics,   text/plain,             415",
        "POST, /v1/logs,      application/grpc,       415"
    })
    void refusesOtherRequests(String method, String path, String type, int status) throws Exception {
        assertStatus(
                status,
                send(authenticated(gateway, method, path)
                        .field("Content-Type", type)
                        .body(utf8("{}"))));
    }

    @Test
    void refusesOtherCodings() throws Exception {
        assertStatus(
                415, send(post("/v1/metrics").field("Content-Encoding", "br").json("{}")));
        assertThat(relayed).isEmpty();
    }

    @Test
    void refusesWhatIsTooLarge() throws Exception {
        byte[] large = new byte[LIMIT + 1];
        failed(send(post("/v1/logs").field("Content-Type", PROTOBUF).body(large)), 413, PROTOBUF);
        assertStatus(200, send(post("/v1/logs").field("Content-Type", PROTOBUF).body(new byte[LIMIT])));
        assertThat(relayed).isEmpty();
    }

    private void relays(RawRequest request, String client, byte[] body, String type, @Nullable String coding)
            throws Exception {
        relayed(send(content(request, body, type, coding)), client, body, type, coding);
    }

    private static RawRequest content(RawRequest request, byte[] body, String type, @Nullable String coding) {
        return (coding == null ? request : request.field("Content-Encoding", coding))
                .field("Content-Type", type)
                .body(body);
    }

    private void relayed(RawResponse answer, String client, byte[] sent, String type, @Nullable String coding)
            throws Exception {
        assertThat(answer.status()).isEqualTo(200);
        var message = nextOfClients();
        assertThat(message.path()).isEqualTo("/base/v1/metrics");
        assertThat(message.type()).isEqualTo(type);
        assertThat(message.coding()).isEqualTo(coding);
        assertThat(message.authorization()).isEqualTo("Bearer " + SECRET);
        assertThat(message.token()).isNull();
        assertThat(message.clients()).containsExactly(client);
        assertThat(message.body()).isEqualTo(sent);
    }

    /** The collector also receives Warder's own metrics. */
    private Relayed nextOfClients() throws Exception {
        while (true) {
            var next = relayed.poll(10, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            boolean own = next.coding() == null
                    && next.type().equals(PROTOBUF)
                    && ExportMetricsServiceRequest.parseFrom(next.body()).getResourceMetricsList().stream()
                            .anyMatch(each ->
                                    each.getScopeMetrics(0).getScope().getName().equals("dev.warder"));
            if (!own) {
                return next;
            }
        }
    }

    private static void failed(RawResponse answer, int status, String type) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.fields().values("content-type")).containsExactly(type);
        assertThat(answer.text()).contains(type.equals(JSON) ? "{\"message\":\"" : "\u0012");
    }

    private RawResponse send(RawRequest request) throws IOException {
        return send(gateway, request);
    }

    private RawRequest post(String path) {
        return authenticated(gateway, "POST", path);
    }

    private static byte[] metrics(String name) {
        var scope = ScopeMetrics.newBuilder().addMetrics(Metric.newBuilder().setName(name));
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder().addScopeMetrics(scope))
                .build()
                .toByteArray();
    }

    /** 0 for a series that has no value yet. */
    private double value(String series) throws Exception {
        var scrape = ok(gateway, request(gateway, "GET", "/metrics"));
        return Scrape.of(scrape.text()).samples().getOrDefault(series, 0.0);
    }
}
