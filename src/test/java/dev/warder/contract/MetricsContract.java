package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.warder.json.JsonTree;
import dev.warder.observe.Scrape;
import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Metrics as a monitor reads them, and who may.
 *
 * <p>The metrics, read and checked by Prometheus' own program; Debian's package {@code prometheus} has it.
 *
 * <p>Metrics by JMX and by OTLP, and the settings of the log.
 */
class MetricsContract extends GroundContract {
    private static final String TOKEN = "metrics-" + "monitor".repeat(5);
    private static final String PROGRAM = "promtool";
    private static final String SECRET = "planted-" + "collector".repeat(3);

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST"})
    void isNotThereWithoutATokenOrOpenAccess(String method) throws Exception {
        for (var setup : List.of(Setup.TOKEN_KEY, Setup.UNSET)) {
            var container = setup.on(ground);
            for (var presented : List.of("wrong", ACCESS_TOKEN, TOKEN)) {
                assertStatus(404, read(container, method, "Bearer " + presented));
            }
        }
    }

    @Test
    void isForMonitorsAndAdministrators() throws Exception {
        var container = ground.shared(withTokens(ground.usual()));
        for (var token : List.of(TOKEN, ADMIN_TOKEN)) {
            var answer = assertStatus(200, read(container, "GET", "Bearer " + token));
            assertThat(answer.fields().values("content-type"))
                    .singleElement()
                    .asString()
                    .matches("text/plain; ?version=0\\.0\\.4; ?charset=utf-8");
            assertThat(answer.fields().values("cache-control")).containsExactly("no-store");
            assertThat(Scrape.of(answer.text()).value("warder_exchanges_open")).isZero();
        }
        for (var presented : List.of("", TOKEN, "Basic " + TOKEN)) {
            var refused = read(container, "GET", presented);
            Answers.refused(refused, 401);
            assertThat(refused.fields().has("www-authenticate")).isTrue();
        }
        Answers.refused(read(container, "GET", "Bearer " + ACCESS_TOKEN), 401);
        Answers.refused(read(container, "POST", "Bearer " + TOKEN), 405);
        Answers.refused(
                send(container, request(container, "POST", "/admin/drain").bearer(TOKEN)), 401);
        assertThat(container.gateway("Draining")).isEqualTo(false);
    }

    @Test
    void slowsDownGuesses() throws Exception {
        var container = guarded("guessed");
        for (int i = 0; i < 5; i++) {
            Answers.refused(read(container, "GET", "Bearer wrong"), 401);
        }
        long began = System.nanoTime();
        var open = new ArrayList<RawClient>();
        try {
            var guess = request(container, "GET", "/metrics").field("Authorization", "Bearer wrong");
            for (int i = 0; i < 10; i++) {
                open.add(connect(container).send(guess));
            }
            assertStatus(200, read(container, "GET", "Bearer " + TOKEN));
            for (var client : open) {
                Answers.refused(client.readResponse(), 401);
            }
        } finally {
            for (var client : open) {
                client.close();
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1500));
    }

    /** With a short token of administrators, which is compared less often after wrong ones. */
    @Test
    void guessesHereSlowNoAdministratorDown() throws Exception {
        String shortToken = ADMIN_TOKEN.substring(7);
        log.plant(shortToken);
        var container = ground.container("apart", withTokens(ground.usual()).withSecret("admin.token", shortToken));
        for (int i = 0; i < 6; i++) {
            read(container, "GET", "Bearer wrong");
        }
        var admin = request(container, "GET", "/admin/credentials").bearer(shortToken);
        for (int i = 0; i < 50; i++) {
            ok(container, admin);
        }
    }

    @Test
    void isOpenWhereAnOperatorSaysSo() throws Exception {
        var container = ground.container("open", ground.usual().with("metrics.open", "true"));
        assertStatus(200, read(container, "GET", ""));
        assertStatus(200, read(container, "GET", "Bearer wrong"));
        assertText(200, read(container, "HEAD", "")).isEmpty();
    }

    @Test
    void countsWhatHappened() throws Exception {
        var container = guarded("counted");
        var ok = authenticated(container, "GET", "/v1/models");
        ok(container, ok);
        var wrong = request(container, "GET", "/v1/models").field("x-api-key", "wrong-token-of-sixteen");
        assertStatus(401, send(container, wrong));
        var series =
                "warder_requests_total{class=\"none\",dialect=\"anthropic\",end=\"%s\",route=\"models\",status=\"%s\"}";
        // A request is counted after its response, its tries last of all, and a scrape may come in between.
        Eventually.holds(Duration.ofSeconds(5), () -> {
            var samples = scrape(container).samples();
            return samples.getOrDefault(series.formatted("refused", "401"), 0.0) == 1
                    && samples.keySet().stream()
                            .anyMatch(name -> name.startsWith("warder_upstream_tries_total{credential="));
        });
        var scrape = scrape(container);
        assertThat(scrape.value(series.formatted("ok", "200"))).isEqualTo(1);
        assertThat(scrape.value("warder_request_duration_seconds_count{route=\"models\"}"))
                .isEqualTo(1);
    }

    /** A monitor asks every few seconds, and its requests are no news. */
    @Test
    void leavesTheLogToOthers() throws Exception {
        var container = ground.shared(withTokens(ground.usual()));
        log.clear();
        assertStatus(200, read(container, "GET", "Bearer " + TOKEN));
        assertStatus(401, read(container, "GET", ""));
        assertThat(log.lines("dev.warder.access", Level.INFO)).singleElement().satisfies(line -> assertThat(line.text())
                .contains("path=/metrics", "status=401"));
    }

    @Test
    void isReadWhileTheNodeDrainsOrLacksSettings() throws Exception {
        for (var name : List.of("drained", "bare")) {
            var container = ground.container(name, withTokens(name.equals("bare") ? ground.bare() : ground.usual()));
            assertStatus(202, send(container, administrator(container, "POST", "/admin/drain")));
            assertThat(scrape(container).value("warder_draining")).isEqualTo(1);
        }
    }

    private Container guarded(String name) throws Exception {
        return ground.container(name, withTokens(ground.usual()));
    }

    private Deployment withTokens(Deployment deployment) {
        log.plant(TOKEN);
        return deployment.withSecret("admin.token", ADMIN_TOKEN).withSecret("metrics.token", TOKEN);
    }

    private static Scrape scrape(Container container) throws Exception {
        return Scrape.of(read(container, "GET", "Bearer " + TOKEN).text());
    }

    private static RawResponse read(Container container, String method, String authorization) throws Exception {
        var request = request(container, method, "/metrics");
        return send(container, authorization.isEmpty() ? request : request.field("Authorization", authorization));
    }

    /** The result of the program: 0 if it has read the text and has no complaint. */
    private record Verdict(int code, String text) {}

    @Test
    void findsNothingWrongWithTheMetrics() throws Exception {
        assumeTrue(program().isPresent(), "skipped: needs the program " + PROGRAM);
        var container = ground.container(
                "promtool",
                ground.usual()
                        .with("metrics.open", "true")
                        .with("metrics.clients", "shared")
                        .with("otlp.url", "http://127.0.0.1:1")
                        .with("otlp.relay", "metrics"));
        next(json(200, Messages.message("Hello.")), json(400, Messages.error("invalid_request_error", "no")));
        for (int i = 0; i < 2; i++) {
            send(container, authenticated(container, "POST", "/v1/messages").json(PoolContract.QUESTION));
        }
        send(container, authenticated(container, "POST", "/v1/metrics").json("{}"));
        eventually(() -> metrics(container).contains("warder_tokens_total"));
        var metrics = metrics(container);
        assertThat(Scrape.of(metrics).types()).containsKeys("warder_tokens_total", "warder_telemetry_received_total");
        assertThat(check(metrics)).isEqualTo(new Verdict(0, ""));
    }

    private static String metrics(Container container) throws IOException {
        return send(container, request(container, "GET", "/metrics")).text();
    }

    /** Shows that the check above can fail. */
    @Test
    void findsWhatIsWrong() throws Exception {
        assumeTrue(program().isPresent(), "skipped: needs the program " + PROGRAM);
        assertThat(check("# TYPE a counter\na{b=\"c} 1\n").code()).isNotZero();
    }

    private static Verdict check(String metrics) throws IOException, InterruptedException {
        var process = new ProcessBuilder(program().orElseThrow().toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (var in = process.getInputStream()) {
            try (var out = process.getOutputStream()) {
                out.write(utf8(metrics));
            }
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return new Verdict(process.exitValue(), text.strip());
        } finally {
            process.destroyForcibly();
        }
    }

    private static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Test
    void showsTheSameNumbersAsBeans() throws Exception {
        var container = ground.container("beans", ground.usual());
        ok(container, models(container));
        var server = ManagementFactory.getPlatformMBeanServer();
        var application = "dev.warder:type=Metrics,context=" + ObjectName.quote(container.contextPath());
        var requests = new ObjectName(
                application + ",name=warder.requests,route=models,dialect=anthropic,status=200,end=ok,class=none");
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
            log.plant(SECRET);
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
        var id = send(container, models(container))
                .fields()
                .first("X-Warder-Request-Id")
                .orElseThrow();
        var line = "[ApiKey] Using managed API key for request " + id;
        assertThat(log.await("dev.warder", line::equals, Duration.ofSeconds(5)).level())
                .isEqualTo(Level.INFO);
    }

    @Test
    void logsEachRequestAsJson() throws Exception {
        var container = ground.container("json", ground.usual().with("log.format", "json"));
        var id = send(container, models(container))
                .fields()
                .first("X-Warder-Request-Id")
                .orElseThrow();
        var line = log.await("dev.warder.access", text -> text.contains("\"" + id + "\""), Duration.ofSeconds(5));
        var json = JsonTree.parseObject(line.text()).orElseThrow();
        assertThat(json.getString("path")).isEqualTo("/v1/models");
        assertThat(json.getInt("status")).isEqualTo(200);
        assertThat(json.getString("end")).isEqualTo("ok");
    }

    private static RawRequest models(Container container) {
        return authenticated(container, "GET", "/v1/models");
    }
}
