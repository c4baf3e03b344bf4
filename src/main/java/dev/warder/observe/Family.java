package dev.warder.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one name, one for each combination of label values that has occurred. When the limit of series is reached,
 * new combinations share one meter whose labels all have the value {@code other}. Thread-safe.
 *
 * @param <M> the kind of meter
 */
final class Family<M> {
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
