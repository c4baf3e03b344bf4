package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.warder.admin.GatewayMXBean;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialState;
import dev.warder.http.Call;
import dev.warder.http.Field;
import dev.warder.http.RequestHints;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.observe.Metrics.ModelNames;
import dev.warder.record.CompletedRequest;
import dev.warder.record.CompletedRequest.CompletedTry;
import dev.warder.record.CompletedRequest.ConversationIds;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestObservers;
import dev.warder.record.RequestRecord;
import dev.warder.record.UsedCredential;
import dev.warder.usage.PriceBook;
import dev.warder.usage.Usages;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Path PAGE = Path.of("src/site/markdown/metrics.md");
    private static final Pattern ROW = Pattern.compile("\\| `warder_.*");
    private static final String HOSTILE = "x\"} 1\nforged_total 9 \\ ${env:X}";
    private static final ModelNames MODELS = new ModelNames(PriceBook::shipped);

    private final AtomicLong now = new AtomicLong();
    private final Metrics metrics = new Metrics(Set.of("main", "spare"), Set.of("ci"), MODELS);

    @Test
    void countsARequestByItsRouteStatusAndEnd() {
        completed(message("ci", 200, RequestEnd.OK));
        completed(message("ci", 200, RequestEnd.OK));
        completed(message("build", 529, RequestEnd.OK));
        completed(request(Route.CHAT, Optional.empty(), OptionalInt.empty(), RequestEnd.CLIENT_GONE));
        assertSamples(
                """
                warder_requests_total{class="none",dialect="anthropic",end="ok",route="messages",status="200"} 2
                warder_requests_total{class="none",dialect="openai",end="client-gone",route="chat",status="none"} 1
                warder_client_requests_total{client="ci",end="ok"} 2
                warder_client_requests_total{client="other",end="ok"} 1
                warder_client_requests_total{client="none",end="client-gone"} 1
                """);
    }

    /** Any client can send the fields on any path, and 100,000 different ones. */
    @Test
    void countsTheClassesOfRequestsThatRunAModel() {
        for (int i = 0; i < 100_000; i++) {
            completed(hinted(Route.MESSAGES, "class-" + i));
            completed(hinted(Route.MODELS, "main"));
        }
        completed(hinted(Route.MESSAGES, "compaction"));
        assertSamples(
                """
                warder_requests_total{class="other",dialect="anthropic",end="ok",route="messages",status="200"} 100000
                warder_requests_total{class="compaction",dialect="anthropic",end="ok",route="messages",status="200"} 1
                warder_requests_total{class="none",dialect="anthropic",end="ok",route="models",status="200"} 100000
                """);
        assertThat(scrape().samples().keySet().stream().filter(key -> key.startsWith("warder_requests_total{")))
                .hasSize(3);
    }

    private static CompletedRequest hinted(Route route, String requestClass) {
        var hints = RequestHints.of(List.of(
                new Field("x-claude-code-request-class", requestClass),
                new Field("x-claude-code-prompt-id", requestClass)));
        return request(
                route,
                Optional.of("ci"),
                new ConversationIds(Optional.empty(), Optional.empty(), hints),
                OptionalInt.of(200),
                RequestEnd.OK);
    }

    @Test
    void measuresTimesOfRequestsThatWentUpstream() {
        completed(message("ci", 200, RequestEnd.OK));
        completed(request(Route.HEALTH, Optional.empty(), OptionalInt.of(200), RequestEnd.OK));
        var scrape = scrape();
        assertThat(scrape.types())
                .containsEntry("warder_request_duration_seconds", "histogram")
                .containsEntry("warder_time_to_first_byte_seconds", "histogram");
        assertSamples(
                """
                warder_request_duration_seconds_sum{route="messages"} 3
                warder_request_duration_seconds_max{route="messages"} 3
                warder_request_duration_seconds_bucket{route="messages",le="2.5"} 0
                warder_request_duration_seconds_bucket{route="messages",le="5.0"} 1
                warder_added_latency_seconds_bucket{route="messages",le="0.0025"} 1
                warder_added_latency_seconds_bucket{route="messages",le="0.001"} 0
                warder_time_to_first_byte_seconds_bucket{route="messages",le="0.5"} 1
                """);
        assertThat(scrape.samples().keySet()).noneMatch(key -> key.contains("duration") && key.contains("health"));
    }

    @Test
    void countsEachTry() {
        completed(message("ci", 200, RequestEnd.OK));
        assertSamples(
                """
                warder_upstream_tries_total{credential="main",outcome="responded",status="529"} 1
                warder_upstream_tries_total{credential="spare",outcome="unanswered",status="none"} 1
                warder_upstream_tries_total{credential="client",outcome="cancelled",status="other"} 1
                """);
    }

    @Test
    void countsTokensAndCost() {
        var observers = new RequestObservers(List.of(metrics));
        var call = new Call("req_1", "POST", new RequestTarget("/v1/messages", Optional.empty()), Route.MESSAGES);
        var record = new RequestRecord(call, "/v1/messages", observers, () -> 0);
        record.client("ci");
        record.usage(Usages.begun(Optional.of("ci")));
        var begun = record.beginTry(new UsedCredential("main", "api-key"), Records.UPSTREAM);
        begun.responded(200);
        Usages.read(
                begun.usage().orElseThrow(),
                """
                {"type":"message","model":"claude-opus-5-5-20260801","stop_reason":"end_turn","usage":
                {"input_tokens":100,"cache_creation_input_tokens":30,"cache_read_input_tokens":7,"output_tokens":50,
                "server_tool_use":{"web_search_requests":2}}}""");
        begun.whole();
        record.end(RequestEnd.OK, 200, 10);
        var scrape = scrape();
        for (var expected : Map.of("input", 100, "cache-write-5m", 30, "cache-read", 7, "output", 50)
                .entrySet()) {
            var labels = "kind=\"" + expected.getKey() + "\"";
            assertThat(scrape.value("warder_tokens_total{" + labels + ",model=\"claude-opus-5-5\"}"))
                    .isEqualTo(expected.getValue().doubleValue());
            assertThat(scrape.value("warder_client_tokens_total{client=\"ci\"," + labels + "}"))
                    .isEqualTo(expected.getValue().doubleValue());
        }
        assertThat(scrape.value("warder_web_searches_total{model=\"claude-opus-5-5\"}"))
                .isEqualTo(2);
        // 100 * $4 + 30 * $5 + 7 * $0.2 + 50 * $20 a million, and 2 * $10 a thousand.
        assertThat(scrape.value("warder_cost_usd_total{class=\"none\",credential=\"main\",model=\"claude-opus-5-5\"}"))
                .isCloseTo(0.0215514, within(1e-9));
        assertThat(scrape.value("warder_client_cost_usd_total{client=\"ci\"}")).isCloseTo(0.0215514, within(1e-9));
    }

    @Test
    void namesAModelThatHasNoPriceOther() {
        assertThat(MODELS.label(Optional.of("claude-opus-5-5[1m]"))).isEqualTo("claude-opus-5-5");
        assertThat(MODELS.label(Optional.of(HOSTILE))).isEqualTo("other");
        assertThat(MODELS.label(Optional.empty())).isEqualTo("none");
        for (int i = 0; i < 1000; i++) {
            assertThat(MODELS.label(Optional.of("model-" + i))).isEqualTo("other");
        }
    }

    @Test
    void showsNothingThatAClientOrTheUpstreamChose() {
        completed(new CompletedRequest(
                new Call("req_1", HOSTILE, new RequestTarget("/v1/x", Optional.of(HOSTILE)), Route.OTHER),
                HOSTILE,
                Optional.of(HOSTILE),
                Optional.of(HOSTILE),
                Optional.of(new UsedCredential(HOSTILE, HOSTILE)),
                new ConversationIds(Optional.of(HOSTILE), Optional.of(HOSTILE), RequestHints.NONE),
                List.of(new CompletedTry(
                        new UsedCredential(HOSTILE, HOSTILE),
                        OptionalInt.of(987),
                        CompletedTry.Outcome.RESPONDED,
                        Optional.of(HOSTILE),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        List.of())),
                OptionalInt.of(987),
                1,
                1,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(1),
                RequestEnd.OK,
                Optional.empty()));
        var text = metrics.scrape();
        assertThat(text).doesNotContain("forged", "env:", "987", "req_1");
        assertThat(
                        Scrape.of(text)
                                .value(
                                        "warder_upstream_tries_total{credential=\"other\",outcome=\"responded\",status=\"other\"}"))
                .isEqualTo(1);
    }

    @Test
    void readsTheNodeWhenItIsAsked() {
        metrics.observe(numbers(), this::states, now::get);
        now.set(Duration.ofSeconds(5).toNanos());
        assertSamples(
                """
                warder_exchanges_open 7
                warder_memory_limit_bytes 7
                warder_draining 1
                warder_uptime_seconds 5
                warder_requests_begun_total 7
                warder_configuration_reloads_total{result="refused"} 7
                warder_credential_usable{credential="main"} 1
                warder_credential_usable{credential="spare"} 0
                warder_credential_breaker_open{credential="spare"} 1
                warder_credential_held_models{credential="main"} 1
                """);
    }

    @Test
    void goesOnCountingAfterAGarbageCollection() {
        metrics.observe(numbers(), this::states, now::get);
        observeParts();
        var probe = new WeakReference<>(new Object());
        for (int i = 0; i < 100 && probe.get() != null; i++) {
            System.gc();
        }
        assertThat(probe.get()).isNull();
        var scrape = scrape();
        assertSamples(
                """
                warder_requests_begun_total 7
                warder_configuration_reloads_total{result="ok"} 7
                warder_exchanges_open 7
                """);
        assertThat(scrape.value("warder_ledger_rows_stored_total")).isEqualTo(MetricName.LEDGER_ROWS_STORED.ordinal());
    }

    /** The value of each is its place among all metrics. */
    private void observeParts() {
        // Not constants: these objects can be collected.
        var offset = new AtomicLong();
        for (var name : MetricName.values()) {
            if (name.name().matches("(POLICY|LEDGER|BUDGET|RATE_LIMIT|RECONCILIATION|TELEMETRY)_.*")) {
                DoubleSupplier value = () -> name.ordinal() + offset.get();
                if (name.labels().isEmpty()) {
                    metrics.observe(name, value);
                } else {
                    metrics.observe(name, "word", value);
                }
            }
        }
    }

    @Test
    void hasEveryNameOfThePageAndNoOther() {
        metrics.observe(numbers(), this::states, now::get);
        observeParts();
        completed(message("ci", 200, RequestEnd.OK));
        countsTokensAndCost();
        var expected = Arrays.stream(MetricName.values()).map(Scrape::name).toList();
        assertThat(scrape().types().keySet().stream().filter(name -> !name.endsWith("_max") || expected.contains(name)))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(scrape().types()).allSatisfy((name, type) -> assertThat(name).startsWith("warder_"));
        Map.of(
                        "warder_policy_version", MetricName.POLICY_VERSION,
                        "warder_budget_exceeded_total", MetricName.BUDGET_EXCEEDED,
                        "warder_budget_webhook_total{result=\"word\"}", MetricName.BUDGET_WEBHOOK,
                        "warder_reconciliation_difference_usd", MetricName.RECONCILIATION_DIFFERENCE,
                        "warder_telemetry_received_total{signal=\"word\"}", MetricName.TELEMETRY_RECEIVED,
                        "warder_telemetry_dropped_total{reason=\"word\"}", MetricName.TELEMETRY_DROPPED,
                        "warder_telemetry_queue_bytes", MetricName.TELEMETRY_QUEUE)
                .forEach((series, name) ->
                        assertThat(scrape().value(series)).as(series).isEqualTo(name.ordinal()));
    }

    @Test
    void neverHasMoreSeriesThanTheLimit() {
        var clients = IntStream.range(0, 50).mapToObj(i -> "client-" + i).toList();
        var limited = new Metrics(Set.of(), Set.copyOf(clients), MODELS, 300);
        for (var client : clients) {
            for (var end : RequestEnd.values()) {
                limited.completed(message(client, 200, end));
            }
        }
        var scrape = Scrape.of(limited.scrape());
        assertThat(scrape.samples()).hasSizeLessThanOrEqualTo(300).hasSizeGreaterThan(200);
        assertThat(scrape.value("warder_metrics_limited_total")).isPositive();
        assertThat(total(scrape, "warder_client_requests_total")).isEqualTo(50 * RequestEnd.values().length);
        assertThat(scrape.value("warder_client_requests_total{client=\"other\",end=\"other\"}"))
                .isPositive();
    }

    private void completed(CompletedRequest request) {
        metrics.completed(request);
    }

    private static double total(Scrape scrape, String name) {
        return scrape.samples().entrySet().stream()
                .filter(sample -> sample.getKey().startsWith(name + "{"))
                .mapToDouble(sample -> sample.getValue())
                .sum();
    }

    private void assertSamples(String lines) {
        var scrape = scrape();
        lines.lines().forEach(line -> {
            int value = line.lastIndexOf(' ');
            assertThat(scrape.value(line.substring(0, value)))
                    .as(line)
                    .isEqualTo(Double.parseDouble(line.substring(value + 1)));
        });
    }

    private Scrape scrape() {
        return Scrape.of(metrics.scrape());
    }

    private List<CredentialState> states() {
        var held = new CredentialState.HeldModel(HOSTILE, "limited", Duration.ofSeconds(1));
        return List.of(
                new CredentialState(
                        "main",
                        CredentialSource.Kind.API_KEY,
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(held),
                        false,
                        Optional.empty()),
                new CredentialState(
                        "spare",
                        CredentialSource.Kind.API_KEY,
                        false,
                        Optional.of("breaker open"),
                        Optional.of(Duration.ofSeconds(9)),
                        List.of(),
                        true,
                        Optional.empty()));
    }

    /** Every number is 7. */
    private static GatewayMXBean numbers() {
        return (GatewayMXBean) Proxy.newProxyInstance(
                MetricsTest.class.getClassLoader(), new Class<?>[] {GatewayMXBean.class}, (proxy, method, none) -> {
                    var type = method.getReturnType();
                    return type == boolean.class ? true : type == long.class ? (Object) 7L : (Object) 7;
                });
    }

    /** Two versions of an application may have one context path. */
    @Test
    void hasMBeansOfItsOwnInEachApplication() throws Exception {
        metrics.observe(numbers(), List::of, now::get);
        metrics.showAsBeans(numbers(), "/same");
        try (var other = new Metrics(Set.of(), Set.of(), MODELS)) {
            other.observe(numbers(), List::of, now::get);
            other.showAsBeans(numbers(), "/same");
            assertThat(applications())
                    .containsExactlyInAnyOrder("Gateway null", "Gateway 2", "Metrics null", "Metrics 2");
            metrics.close();
            assertThat(applications()).containsExactlyInAnyOrder("Gateway 2", "Metrics 2");
        }
        assertThat(applications()).isEmpty();
    }

    /** The type and the instance of each MBean. */
    private static Set<String> applications() throws JMException {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("dev.warder:context=\"/same\",*"), null)
                .stream()
                .map(name -> name.getKeyProperty("type") + " " + name.getKeyProperty("instance"))
                .collect(Collectors.toSet());
    }

    private static CompletedRequest message(String client, int status, RequestEnd end) {
        return request(Route.MESSAGES, Optional.of(client), OptionalInt.of(status), end);
    }

    private static CompletedRequest request(Route route, Optional<String> client, OptionalInt status, RequestEnd end) {
        return request(route, client, ConversationIds.UNKNOWN, status, end);
    }

    private static CompletedRequest request(
            Route route, Optional<String> client, ConversationIds named, OptionalInt status, RequestEnd end) {
        return new CompletedRequest(
                new Call("req_1", "POST", new RequestTarget("/x", Optional.empty()), route),
                "/x",
                client,
                Optional.of("claude-x"),
                Optional.empty(),
                named,
                route == Route.HEALTH ? List.of() : tries(),
                status,
                1,
                2,
                Optional.of(Duration.ofMillis(400)),
                Optional.of(Duration.ofMillis(2)),
                Duration.ofSeconds(3),
                end,
                Optional.empty());
    }

    private static List<CompletedTry> tries() {
        return List.of(
                tried("main", OptionalInt.of(529), CompletedTry.Outcome.RESPONDED),
                tried("spare", OptionalInt.empty(), CompletedTry.Outcome.UNANSWERED),
                tried("client", OptionalInt.of(999), CompletedTry.Outcome.CANCELLED));
    }

    private static CompletedTry tried(String name, OptionalInt status, CompletedTry.Outcome outcome) {
        return new CompletedTry(
                new UsedCredential(name, "api-key"),
                status,
                outcome,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(1),
                List.of());
    }

    @Test
    void losesNothingWhenManyThreadsCount() throws Exception {
        var threads = Executors.newFixedThreadPool(8);
        for (int thread = 0; thread < 8; thread++) {
            threads.execute(() -> {
                for (int i = 0; i < 1000; i++) {
                    completed(message("ci", i % 2 == 0 ? 200 : 429, RequestEnd.OK));
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(total(scrape(), "warder_requests_total")).isEqualTo(8000);
    }

    @Test
    void thePageListsEveryMetricAndNoOther() throws IOException {
        var expected = Arrays.stream(MetricName.values()).map(MetricsTest::row);
        assertThat(Files.readAllLines(PAGE).stream().filter(ROW.asMatchPredicate()))
                .containsExactlyElementsOf(expected.toList());
    }

    @Test
    void thePageListsEveryLabelAndEveryRoute() throws IOException {
        var page = Files.readString(PAGE);
        var labels = Arrays.stream(MetricName.values())
                .flatMap(name -> name.labels().stream())
                .distinct();
        assertThat(labels).allSatisfy(label -> assertThat(page).contains("\n| `" + label + "` | "));
        var routes = page.lines()
                .filter(line -> line.startsWith("| `route` |"))
                .findFirst()
                .orElseThrow();
        assertThat(Route.values())
                .allSatisfy(route -> assertThat(routes).contains("`" + LabelValues.word(route) + "`"));
        assertThat(routes.split("`[a-z-]+`", -1)).hasSize(Route.values().length + 2);
    }

    private static String row(MetricName name) {
        String labels = name.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
        return Stream.of(
                        "`" + Scrape.name(name) + "`",
                        name.kind().name().toLowerCase(Locale.ROOT),
                        labels.isEmpty() ? "–" : labels,
                        name.help())
                .collect(Collectors.joining(" | ", "| ", " |"));
    }
}
