package dev.warder.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.observe.Metrics.ModelNames;
import dev.warder.record.CompletedRequest;
import dev.warder.record.RequestObserver;
import dev.warder.usage.UsageRow;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashSet;
import java.util.Set;

/**
 * Tokens under the names of OpenTelemetry's conventions for generative AI (repository semantic-conventions-genai, status
 * Development). There, the input includes what was written to the cache and read from it. Models are those of the price book,
 * and when there are {@link #MOST_PAIRS} pairs of the model asked for and the response's model, further pairs are counted as
 * {@code other}. Thread-safe.
 */
public final class GenAiMetrics implements RequestObserver, AutoCloseable {
    private static final String PREFIX = "gen_ai.client.inference.usage.";
    private static final String FORMER = "gen_ai.client.token.usage";
    private static final String UNIT = "token";

    private static final double[] BUCKETS = {
        1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864
    };

    /** With five counters and two histograms each, fewer than 2,000 series. */
    static final int MOST_PAIRS = 50;

    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final ModelNames models;
    private final boolean bothNames;

    @GuardedBy("pairs")
    private final Set<Tags> pairs = new HashSet<>();

    public GenAiMetrics(ModelNames models, boolean bothNames) {
        this(models, bothNames, Clock.SYSTEM);
    }

    GenAiMetrics(ModelNames models, boolean bothNames, Clock clock) {
        // Never scraped: its histograms are cumulative, as OTLP needs them. Those of other registries forget after a
        // step.
        this.registry = new PrometheusMeterRegistry(key -> null, new PrometheusRegistry(), clock);
        this.models = models;
        this.bothNames = bothNames;
    }

    public MeterRegistry registry() {
        return registry;
    }

    @Override
    public void completed(CompletedRequest request) {
        request.usage().forEach(this::count);
    }

    private void count(UsageRow row) {
        var counts = row.consumption().counts();
        if (counts.isNone()) {
            return;
        }
        var names = row.models();
        var tags = pair(models.label(names.sent().or(names::asked)), models.label(names.answered()));
        add("input_tokens", tags, counts.prompt());
        add("output_tokens", tags, counts.output());
        add("cache_read.input_tokens", tags, counts.read());
        add("cache_write.input_tokens", tags, counts.writes().sum());
        add("reasoning.output_tokens", tags, counts.thinking());
        if (bothNames) {
            record(tags.and("gen_ai.token.type", "input"), counts.prompt());
            record(tags.and("gen_ai.token.type", "output"), counts.output());
        }
    }

    private static Tags tags(String asked, String answered) {
        return Tags.of(
                "gen_ai.operation.name",
                "chat",
                "gen_ai.provider.name",
                "anthropic",
                "gen_ai.request.model",
                asked,
                "gen_ai.response.model",
                answered);
    }

    Tags pair(String asked, String answered) {
        var tags = tags(asked, answered);
        synchronized (pairs) {
            boolean known = pairs.contains(tags) || pairs.size() < MOST_PAIRS && pairs.add(tags);
            return known ? tags : tags(OTHER, OTHER);
        }
    }

    private void add(String name, Tags tags, long count) {
        if (count > 0) {
            Counter.builder(PREFIX + name)
                    .baseUnit(UNIT)
                    .tags(tags)
                    .register(registry)
                    .increment((double) count);
        }
    }

    private void record(Tags tags, long count) {
        DistributionSummary.builder(FORMER)
                .baseUnit(UNIT)
                .serviceLevelObjectives(BUCKETS)
                .tags(tags)
                .register(registry)
                .record((double) count);
    }

    @Override
    public void close() {
        registry.close();
    }
}
