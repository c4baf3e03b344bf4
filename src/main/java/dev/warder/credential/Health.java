package dev.warder.credential;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The usability of a credential, according to the outcomes of its uses. Thread-safe. */
interface Health {
    /**
     * Why it may not be used now.
     *
     * @param model the requested model; empty when unknown
     */
    Optional<Obstacle> obstacle(Optional<String> model);

    /** The models for which it may not be used now. */
    List<CredentialState.HeldModel> heldModels();

    /** Whether its circuit breaker is open. */
    boolean breakerOpen();

    /**
     * Begins a use; empty when the credential may not be used now. Every use that begins must be ended; otherwise
     * its probe is never released.
     */
    OptionalLong begin(Optional<String> model);

    /** The same for a use that is never a breaker's probe, because a slow upload might hold the probe for its whole time. */
    OptionalLong beginWithoutProbe(Optional<String> model);

    /** Applies the limit that a response names, if any; see {@link Bench#stated}. */
    void limit(Outcome.Responded responded, Optional<String> model);

    /**
     * Ends a use.
     *
     * @param begun the value that {@link #begin} returned for it
     * @param outcome what counts against it or for it
     */
    void ended(long begun, Outcome outcome);

    /** The upstream rejected the credential in a check of the credential alone. */
    void rejected();
}
