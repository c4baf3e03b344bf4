package dev.warder.credential;

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
}
