package dev.warder.testkit;

import java.time.Duration;

/**
 * How long a test waits for what has to happen before it fails. A limit is written as a machine with nothing else to do needs it, and
 * is longer by one factor, {@code -Dtests.factor}: a test that passes never waits for its end. Thread-safe.
 */
public final class Limit {
    private static final double FACTOR = Double.parseDouble(System.getProperty("warder.tests.factor", "4"));

    private Limit() {}

    /** So many seconds, times the factor. */
    public static Duration seconds(long seconds) {
        return of(Duration.ofSeconds(seconds));
    }

    /** So many milliseconds, times the factor. */
    public static Duration millis(long millis) {
        return of(Duration.ofMillis(millis));
    }

    private static Duration of(Duration unhurried) {
        return Duration.ofNanos((long) (unhurried.toNanos() * FACTOR));
    }
}
