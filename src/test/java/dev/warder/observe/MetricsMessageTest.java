package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Call;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.observe.Metrics.ModelNames;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestObserver;
import dev.warder.record.RequestObservers;
import dev.warder.record.RequestRecord;
import dev.warder.record.UsedCredential;
import dev.warder.usage.PriceBook;
import dev.warder.usage.Usages;
import io.micrometer.core.instrument.MockClock;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The message as a collector reads it, with the published definitions. */
class MetricsMessageTest {
    private static final Instant STARTED = Instant.ofEpochSecond(1_000);
    private static final Instant NOW = Instant.ofEpochSecond(1_060, 7);

    private final AtomicLong nanos = new AtomicLong();
    private final ModelNames models = new ModelNames(PriceBook::shipped);
    private final Metrics metrics = new Metrics(Set.of("main"), Set.of(), models);
    private final GenAiMetrics genAi = new GenAiMetrics(models, true);

    @AfterEach
    void close() {
        metrics.close();
        genAi.close();
    }

    @Test
    void namesTheResourceAndTheScope() throws Exception {
        message();
        var resource = decoded().getResourceMetrics(0);
        assertThat(attributes(resource.getResource().getAttributesList()))
                .isEqualTo(Map.of("service.name", "warder", "service.instance.id", "i-1"));
        assertThat(decoded().getResourceMetricsCount()).isEqualTo(1);
        assertThat(resource.getScopeMetrics(0).getScope().getName()).isEqualTo("dev.warder");
    }

    @Test
    void hasEachMetricOnceAndNoUnknownField() throws Exception {
        message();
        var names = new ArrayList<String>();
        for (var metric : decoded().getResourceMetrics(0).getScopeMetrics(0).getMetricsList()) {
            names.add(metric.getName());
            assertThat(metric.getUnknownFields().asMap()).isEmpty();
        }
        assertThat(names)
                .doesNotHaveDuplicates()
                .contains("warder.requests", "warder.request.duration", "gen_ai.client.inference.usage.input_tokens");
    }

    @Test
    void sendsCountersAsCumulativeSums() throws Exception {
        message();
        var sum = metric("warder.requests").getSum();
        assertThat(sum.getIsMonotonic()).isTrue();
        assertThat(sum.getAggregationTemporality())
                .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
        var point = sum.getDataPoints(0);
        assertThat(point.getAsDouble()).isEqualTo(1);
        assertThat(point.getStartTimeUnixNano()).isEqualTo(TimeUnit.SECONDS.toNanos(1_000));
        assertThat(point.getTimeUnixNano()).isEqualTo(TimeUnit.SECONDS.toNanos(1_060) + 7);
        assertThat(attributes(point.getAttributesList()))
                .isEqualTo(Map.of(
                        "route", "messages", "dialect", "anthropic", "status", "200", "end", "ok", "class", "none"));
        assertThat(metric("warder.requests").getUnit()).isEqualTo("1");
        assertThat(metric("warder.cost").getUnit()).isEqualTo("{usd}");
    }

    @Test
    void sendsTimesAsHistogramsInSeconds() throws Exception {
        message();
        message();
        var metric = metric("warder.request.duration");
        assertThat(metric.getUnit()).isEqualTo("s");
        var point = metric.getHistogram().getDataPoints(0);
        assertThat(point.getCount()).isEqualTo(2);
        assertThat(point.getSum()).isEqualTo(6);
        assertThat(point.getExplicitBoundsList()).startsWith(0.1, 0.25).isSorted();
        assertThat(point.getBucketCountsCount()).isEqualTo(point.getExplicitBoundsCount() + 1);
        assertThat(point.getBucketCountsList().stream().mapToLong(each -> each).sum())
                .isEqualTo(2);
        assertThat(point.getBucketCounts(point.getExplicitBoundsList().indexOf(5.0)))
                .isEqualTo(2);
    }

    @Test
    void sendsTokensUnderBothNamesOfTheConventions() throws Exception {
        message();
        var expected = Map.of(
                "input_tokens", 137.0,
                "output_tokens", 50.0,
                "cache_read.input_tokens", 7.0,
                "cache_write.input_tokens", 30.0);
        for (var each : expected.entrySet()) {
            var metric = metric("gen_ai.client.inference.usage." + each.getKey());
            assertThat(metric.getUnit()).isEqualTo("{token}");
            assertThat(metric.getSum().getDataPoints(0).getAsDouble())
                    .as(each.getKey())
                    .isEqualTo(each.getValue());
        }
        assertThat(attributes(metric("gen_ai.client.inference.usage.input_tokens")
                        .getSum()
                        .getDataPoints(0)
                        .getAttributesList()))
                .isEqualTo(Map.of(
                        "gen_ai.operation.name", "chat",
                        "gen_ai.provider.name", "anthropic",
                        "gen_ai.request.model", "claude-opus-5-5",
                        "gen_ai.response.model", "claude-opus-5-5"));
        var former = new TreeMap<String, Double>();
        for (var point : metric("gen_ai.client.token.usage").getHistogram().getDataPointsList()) {
            assertThat(point.getExplicitBoundsCount()).isEqualTo(14);
            assertThat(point.getBucketCountsList().stream()
                            .mapToLong(count -> count)
                            .sum())
                    .isEqualTo(1);
            former.put(attributes(point.getAttributesList()).get("gen_ai.token.type"), point.getSum());
        }
        assertThat(former).isEqualTo(Map.of("input", 137.0, "output", 50.0));
    }

    @Test
    void keepsTheBucketsForAsLongAsTheCount() throws Exception {
        var clock = new MockClock();
        try (var former = new GenAiMetrics(models, true, clock)) {
            message(List.of(former));
            clock.add(Duration.ofHours(1));
            message(List.of(former));
            var histogram = metric("gen_ai.client.token.usage", former).getHistogram();
            assertThat(histogram.getDataPointsList()).hasSize(2).allSatisfy(point -> {
                assertThat(point.getCount()).isEqualTo(2);
                assertThat(point.getBucketCounts(point.getBucketCountsCount() - 1))
                        .isZero();
                assertThat(point.getBucketCountsList().stream()
                                .mapToLong(each -> each)
                                .sum())
                        .isEqualTo(2);
            });
            assertThat(former.registry().getMeters()).hasSize(4 + 2);
        }
    }

    @Test
    void countsPairsOfModelsAboveTheLimitTogether() {
        for (int i = 0; i < GenAiMetrics.MOST_PAIRS; i++) {
            var name = "m" + i;
            assertThat(genAi.pair(name, "none").stream())
                    .anyMatch(tag -> tag.getValue().equals(name));
        }
        assertThat(genAi.pair("further", "none")).isEqualTo(genAi.pair("another", "m1"));
        assertThat(genAi.pair("m1", "none").stream())
                .anyMatch(tag -> tag.getValue().equals("m1"));
    }

    @Test
    void leavesTheFormerNameOutByDefault() throws Exception {
        try (var latest = new GenAiMetrics(models, false)) {
            message(List.of(latest));
            assertThat(latest.registry().getMeters())
                    .isNotEmpty()
                    .noneMatch(meter -> meter.getId().getName().equals("gen_ai.client.token.usage"));
        }
    }

    private void message() {
        message(List.of(metrics, genAi));
    }

    private void message(List<RequestObserver> observers) {
        var call = new Call("req_1", "POST", new RequestTarget("/v1/messages", Optional.empty()), Route.MESSAGES);
        var record = new RequestRecord(call, "/v1/messages", new RequestObservers(observers), nanos::get);
        record.usage(Usages.begun(Optional.of("ci")));
        var begun = record.beginTry(new UsedCredential("main", "api-key"), Records.UPSTREAM);
        begun.responded(200);
        Usages.read(
                begun.usage().orElseThrow(),
                """
                {"type":"message","model":"claude-opus-5-5","usage":{"input_tokens":100,
                "cache_creation_input_tokens":30,"cache_read_input_tokens":7,"output_tokens":50}}""");
        begun.whole();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));
        record.end(RequestEnd.OK, 200, 10);
    }

    private Metric metric(String name) throws Exception {
        return metric(name, genAi);
    }

    private Metric metric(String name, GenAiMetrics tokens) throws Exception {
        return decoded(tokens).getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream()
                .filter(metric -> metric.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ExportMetricsServiceRequest decoded() throws Exception {
        return decoded(genAi);
    }

    private ExportMetricsServiceRequest decoded(GenAiMetrics tokens) throws Exception {
        var resource = Map.of("service.name", "warder", "service.instance.id", "i-1");
        return ExportMetricsServiceRequest.parseFrom(
                new MetricsMessage(resource, STARTED).of(List.of(metrics.registry(), tokens.registry()), NOW));
    }

    private static Map<String, String> attributes(List<KeyValue> attributes) {
        var found = new TreeMap<String, String>();
        var keys = new HashSet<String>();
        for (var each : attributes) {
            assertThat(keys.add(each.getKey())).isTrue();
            found.put(each.getKey(), each.getValue().getStringValue());
        }
        return found;
    }
}
