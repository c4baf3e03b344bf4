package dev.warder.oauth;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The pause after failed attempts: 1 s that doubles up to a limit. A random part of up to a half is subtracted, so that
 * nodes that failed together do not return at the same time. The pause is never shorter than what an endpoint
 * requested, up to the same limit. One thread at a time.
 */
final class BackOff {
    static final Duration LONGEST = Duration.ofMinutes(5);

    private static final int DOUBLINGS = 9;

    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Duration longest;
    private int failures;
    private long dueAt;

    BackOff(LongSupplier nanoTime, RandomGenerator random, Duration longest) {
        this.nanoTime = nanoTime;
        this.random = random;
        this.longest = longest;
    }

    boolean due() {
        return failures == 0 || nanoTime.getAsLong() - dueAt >= 0;
    }

    Duration failed(Optional<Duration> retryAfter) {
        var full = shorter(Duration.ofSeconds(1L << Math.min(failures, DOUBLINGS)), longest);
        var pause = full.minusNanos((long) (full.toNanos() / 2.0 * random.nextDouble()));
        var asked = shorter(retryAfter.orElse(Duration.ZERO), longest);
        pause = asked.compareTo(pause) > 0 ? asked : pause;
        failures++;
        dueAt = nanoTime.getAsLong() + pause.toNanos();
        return pause;
    }

    void succeeded() {
        failures = 0;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
