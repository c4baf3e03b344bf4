package dev.warder.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates meters in one registry, within the limit of series. Thread-safe. */
final class Instruments {
    /** The series of a histogram in addition to its buckets: the last bucket, the number, the sum and the maximum. */
    private static final int HISTOGRAM_EXTRA = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Instruments.class);

    /** No configuration and no client can exhaust a monitor's memory. */
    static final int MOST_SERIES = 2000;

    private final MeterRegistry registry;
    private final AtomicInteger seriesLeft;
    private final Counter limited;

    /** Holds what counters ask: Micrometer only refers to it weakly, and a counter whose object is collected does not change. */
    private final List<DoubleSupplier> asked = new CopyOnWriteArrayList<>();

    Instruments(MeterRegistry registry, int mostSeries) {
        this.registry = registry;
        seriesLeft = new AtomicInteger(mostSeries);
        reserve(1);
        limited = counter(MetricName.METRICS_LIMITED, Tags.empty());
    }

    Family<Counter> counters(MetricName name) {
        return new Family<>(name, this, 1, tags -> counter(name, tags));
    }

    Family<Timer> histograms(MetricName name, List<Duration> buckets) {
        var bounds = buckets.toArray(Duration[]::new);
        return new Family<>(name, this, bounds.length + HISTOGRAM_EXTRA, tags -> Timer.builder(name.meterName())
                .description(name.help())
                .serviceLevelObjectives(bounds)
                .tags(tags)
                .register(registry));
    }

    void gauge(MetricName name, Tags tags, DoubleSupplier value) {
        if (!take(1)) {
            LOG.warn("the limit of {} series is reached; {}{} is left out", MOST_SERIES, name.meterName(), tags);
            return;
        }
        Gauge.builder(name.meterName(), value::getAsDouble)
                .description(name.help())
                .baseUnit(unit(name))
                .tags(tags)
                .register(registry);
    }

    /** A counter that asks {@code value}, which never falls, when it is read; for as long as this object is held. */
    void counted(MetricName name, Tags tags, DoubleSupplier value) {
        reserve(1);
        asked.add(value);
        FunctionCounter.builder(name.meterName(), value, DoubleSupplier::getAsDouble)
                .description(name.help())
                .tags(tags)
                .register(registry);
    }

    /** Takes this many series, at least 1, if as many are left; whether it has. */
    boolean take(int series) {
        return seriesLeft.getAndUpdate(n -> n >= series ? n - series : n) >= series;
    }

    /**
     * Takes series that must exist.
     *
     * @throws IllegalStateException when too few are left
     */
    void reserve(int series) {
        if (!take(series)) {
            throw new IllegalStateException("the limit of series is too low for the fixed ones");
        }
    }

    /** Counts a measurement for which no series was left. */
    void countLimited() {
        limited.increment();
    }

    private Counter counter(MetricName name, Tags tags) {
        return Counter.builder(name.meterName())
                .description(name.help())
                .baseUnit(unit(name))
                .tags(tags)
                .register(registry);
    }

    private static @Nullable String unit(MetricName name) {
        return name.unit().isEmpty() ? null : name.unit();
    }
}
