package dev.warder.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
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

    /**
     * The meters of one name, one for each combination of label values that has occurred. When the limit of series is reached,
     * new combinations share one meter whose labels all have the value {@code other}. Thread-safe.
     *
     * @param <M> the kind of meter
     */
    static final class Family<M> {
        private final MetricName name;
        private final Instruments instruments;
        private final int seriesEach;
        private final Function<Tags, M> maker;
        private final Map<Values, M> meters = new ConcurrentHashMap<>();

        @GuardedBy("this")
        private @Nullable M rest;

        /** Label values in their order. They are compared for each measurement, which a list would do with iterators. */
        @SuppressWarnings("ArrayRecordComponent") // Compared by its content.
        private record Values(String... all) {
            @Override
            public boolean equals(Object other) {
                return other instanceof Values values && Arrays.equals(all, values.all);
            }

            @Override
            public int hashCode() {
                return Arrays.hashCode(all);
            }
        }

        /**
         * Creates a family without meters, and reserves the series of the shared one.
         *
         * @param seriesEach the number of series that one meter has
         * @param maker creates and registers a meter with these labels
         */
        Family(MetricName name, Instruments instruments, int seriesEach, Function<Tags, M> maker) {
            this.name = name;
            this.instruments = instruments;
            this.seriesEach = seriesEach;
            this.maker = maker;
            instruments.reserve(seriesEach);
        }

        /** The meter for these values, which come from closed lists; in the order of {@link MetricName#labels}. */
        M with(String... values) {
            var key = new Values(values);
            M known = meters.get(key);
            return known != null ? known : find(key);
        }

        private synchronized M find(Values key) {
            M known = meters.get(key);
            if (known == null && instruments.take(seriesEach)) {
                known = maker.apply(tags(List.of(key.all)));
                meters.put(key, known);
            } else if (known == null) {
                instruments.countLimited();
                known = rest;
            }
            if (known == null) {
                known = maker.apply(tags(Collections.nCopies(name.labels().size(), LabelValues.OTHER)));
                rest = known;
            }
            return known;
        }

        private Tags tags(List<String> values) {
            var labels = name.labels();
            if (labels.size() != values.size()) {
                throw new IllegalArgumentException(name + " has other labels");
            }
            var tags = new ArrayList<Tag>();
            for (int i = 0; i < values.size(); i++) {
                tags.add(Tag.of(labels.get(i), values.get(i)));
            }
            return Tags.of(tags);
        }
    }
}
