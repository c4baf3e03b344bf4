package dev.warder.ledger.store;

import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many durations were how long, in steps from 0.1 ms to 1,000 s, six for each power of ten. Its text is the counts,
 * separated by commas, without zeros at the end; each release reads the texts of earlier ones. Thread-safe.
 */
public final class Histogram {
    private static final double[] DECADE = {1, 1.5, 2, 3, 5, 7};
    private static final int DECADES = 7;
    private static final double LEAST_NANOS = 100_000;

    /** The upper bounds, inclusive, in nanoseconds. Durations above the last one are counted in one more place. */
    private static final long[] BOUNDS = bounds();

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length + 1);

    private static long[] bounds() {
        var bounds = new long[DECADE.length * DECADES];
        double power = LEAST_NANOS;
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = Math.round(DECADE[i % DECADE.length] * power);
            power *= i % DECADE.length == DECADE.length - 1 ? 10 : 1;
        }
        return bounds;
    }

    public void add(Duration duration) {
        long nanos = duration.toNanos();
        int place = 0;
        while (place < BOUNDS.length && nanos > BOUNDS[place]) {
            place++;
        }
        counts.incrementAndGet(place);
    }

    public void add(String text) {
        if (text.isEmpty()) {
            return;
        }
        var parts = text.split(",");
        for (int i = 0; i < parts.length && i < counts.length(); i++) {
            counts.addAndGet(i, Long.parseLong(parts[i]));
        }
    }

    public void add(Histogram other) {
        for (int i = 0; i < counts.length(); i++) {
            counts.addAndGet(i, other.counts.get(i));
        }
    }

    public long total() {
        long total = 0;
        for (int i = 0; i < counts.length(); i++) {
            total += counts.get(i);
        }
        return total;
    }

    /**
     * An upper bound of the duration that this part of all does not exceed; zero if there are none, and the last bound for
     * those above it.
     *
     * @param part from 0 to 1
     */
    public Duration quantile(double part) {
        long rank = (long) Math.ceil(part * total());
        long seen = 0;
        for (int i = 0; i < BOUNDS.length && rank > 0; i++) {
            seen += counts.get(i);
            if (seen >= rank) {
                return Duration.ofNanos(BOUNDS[i]);
            }
        }
        return rank > 0 ? Duration.ofNanos(BOUNDS[BOUNDS.length - 1]) : Duration.ZERO;
    }

    public String text() {
        int last = counts.length() - 1;
        while (last >= 0 && counts.get(last) == 0) {
            last--;
        }
        var text = new StringJoiner(",");
        for (int i = 0; i <= last; i++) {
            text.add(Long.toString(counts.get(i)));
        }
        return text.toString();
    }
}
