package dev.warder.otlp;

import dev.warder.metrics.ModelNames;
import dev.warder.prices.UsageCounts;
import dev.warder.record.CompletedRequest;
import dev.warder.record.RequestObserver;
import dev.warder.usage.UsageRow;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.CountingMode;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tokens under the names of OpenTelemetry's conventions for generative AI (repository semantic-conventions-genai, status
 * Development). There, the input includes what was written to the cache and read from it. Models are those of the price book,
 * so that the number of series is bounded. Thread-safe.
 */
public final class GenAiMetrics implements RequestObserver, AutoCloseable {
    private static final String PREFIX = "gen_ai.client.inference.usage.";
    private static final String FORMER = "gen_ai.client.token.usage";
    private static final String UNIT = "token";

    /** Those that the conventions recommend. */
    private static final double[] BUCKETS = {
        1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864
    };

    private final MeterRegistry registry = new SimpleMeterRegistry(new Cumulative(), Clock.SYSTEM);
    private final ModelNames models;
    private final boolean bothNames;

    /** @param bothNames whether the former histogram is recorded too */
    public GenAiMetrics(ModelNames models, boolean bothNames) {
        this.models = models;
        this.bothNames = bothNames;
    }

    /** Counters never start again, and the values are those since the start. */
    private record Cumulative() implements SimpleConfig {
        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public CountingMode mode() {
            return CountingMode.CUMULATIVE;
        }

        @Override
        public Duration step() {
            return Duration.ofMinutes(1);
        }
    }

    /** The meters, to be sent. */
    public MeterRegistry registry() {
        return registry;
    }

    @Override
    public void completed(CompletedRequest request) {
        request.usage().forEach(this::count);
    }

    private void count(UsageRow row) {
        var counts = row.consumption().counts();
        if (counts.equals(UsageCounts.NONE)) {
            return;
        }
        var names = row.models();
        var tags = Tags.of(
                "gen_ai.operation.name",
                "chat",
                "gen_ai.provider.name",
                "anthropic",
                "gen_ai.request.model",
                models.label(names.sent().or(names::asked)),
                "gen_ai.response.model",
                models.label(names.answered()));
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

    /** Releases all meters. */
    @Override
    public void close() {
        registry.close();
    }
}
