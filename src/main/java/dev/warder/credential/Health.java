package dev.warder.credential;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The usability of a credential, according to the outcomes of its uses. The defaults are those of the only credential: every
 * request is sent with it, whatever the outcomes of others. Thread-safe.
 */
interface Health {
    default Optional<Obstacle> obstacle(Optional<String> model) {
        return Optional.empty();
    }

    default List<CredentialState.HeldModel> heldModels() {
        return List.of();
    }

    default boolean breakerOpen() {
        return false;
    }

    /**
     * Begins a use; empty when the credential may not be used now. Every use that begins must be ended; otherwise
     * its probe is never released.
     */
    default OptionalLong begin(Optional<String> model) {
        return OptionalLong.of(0);
    }

    /** The same for a use that is never a breaker's probe, because a slow upload might hold the probe for its whole time. */
    default OptionalLong beginWithoutProbe(Optional<String> model) {
        return begin(model);
    }

    default void limit(Outcome.Responded responded, Optional<String> model) {}

    default void ended(long begun, Outcome outcome) {}

    default void rejected() {}

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
}
