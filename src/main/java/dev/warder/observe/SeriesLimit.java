package dev.warder.observe;

import java.util.concurrent.atomic.AtomicInteger;

/** Bounds the number of series, so that no configuration and no client can exhaust a monitor's memory. Thread-safe. */
final class SeriesLimit {
    static final int MOST = 2000;

    private final AtomicInteger left;

    /** @param most the number of series that may be taken in all, at least 0 */
    SeriesLimit(int most) {
        left = new AtomicInteger(most);
    }

    /** Takes this many series, at least 1, if as many are left; whether it has. */
    boolean take(int series) {
        return left.getAndUpdate(n -> n >= series ? n - series : n) >= series;
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
}
