package dev.warder.credential;

import java.time.Duration;
import java.util.Optional;

/**
 * The reason why a managed credential is not used now.
 *
 * @param words the reason as text, without a secret
 * @param timeLeft how long it stays unused, if known
 */
record Obstacle(Reason reason, String words, Optional<Duration> timeLeft) {
    static Obstacle outOfUse(String words) {
        return new Obstacle(Reason.OUT_OF_USE, words, Optional.empty());
    }

    static Obstacle benched(Bench bench, Duration left) {
        String words = "benched for " + wholeSeconds(left) + " s " + bench.cause();
        return new Obstacle(bench.reason(), words, Optional.of(left));
    }

    boolean isLongerThan(Obstacle other) {
        return timeLeft.orElse(Duration.ZERO).compareTo(other.timeLeft().orElse(Duration.ZERO)) > 0;
    }

    static Obstacle breakerOpen(Duration left) {
        return new Obstacle(Reason.PASSING, "breaker open", Optional.of(left));
    }

    /** Rounded up, at least 1, so that a client that retries after that time is not too early. */
    static int wholeSeconds(Duration time) {
        return Math.toIntExact(Math.max(1, time.plusSeconds(1).minusNanos(1).toSeconds()));
    }

    /** The reason, which decides how a request is refused when no credential is left. */
    enum Reason {
        OUT_OF_USE,
        /** The upstream refused it. */
        REFUSED,
        LIMITED,
        PASSING
    }
}
