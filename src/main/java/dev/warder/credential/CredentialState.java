package dev.warder.credential;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The state of one managed credential, for health and the operator's pages.
 *
 * @param name the configured name
 * @param kind what it is
 * @param usable whether a request would be sent with it now, for models that are not held
 * @param cause why it is not usable, in words without a secret
 * @param timeLeft how long it stays unusable, if known
 * @param heldModels the models for which it is not used now
 * @param breakerOpen whether its circuit breaker is open, also if something else keeps it out of use for longer
 * @param quota what the upstream reported as remaining, if it did
 */
public record CredentialState(
        String name,
        CredentialSource.Kind kind,
        boolean usable,
        Optional<String> cause,
        Optional<Duration> timeLeft,
        List<HeldModel> heldModels,
        boolean breakerOpen,
        Optional<Quota> quota) {
    public CredentialState {
        heldModels = List.copyOf(heldModels);
    }

    /** Whether it is not used until an operator acts: a bench or an open breaker ends by itself. */
    public boolean lost() {
        return !usable && timeLeft.isEmpty();
    }

    /**
     * A model that the upstream has limited.
     *
     * @param model its name as a client sent it, with control characters escaped
     * @param cause why, such as {@code benched for 42 s after 429}
     * @param timeLeft until requests for it are sent with the credential again
     */
    public record HeldModel(String model, String cause, Duration timeLeft) {
        @Override
        public String toString() {
            return model + " (" + cause + ")";
        }
    }

    /**
     * The remaining quota of a credential by the report of the upstream, in the header fields of its last response that had
     * any. Immutable.
     *
     * @param seen when that response came
     * @param parts at least one
     */
    public record Quota(Instant seen, List<Part> parts) {
        public Quota {
            parts = List.copyOf(parts);
        }

        /**
         * One limit.
         *
         * @param name for example {@code requests}, {@code input-tokens} or {@code 5h}
         * @param remaining a number, {@code 37 of 50}, or a percentage
         * @param reset when the limit begins again, if the upstream reported it
         */
        public record Part(String name, String remaining, Optional<Instant> reset) {
            @Override
            public String toString() {
                return name + " " + remaining;
            }
        }
    }
}
