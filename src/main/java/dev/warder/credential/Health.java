package dev.warder.credential;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The usability of a credential, according to the outcomes of its uses. Thread-safe. */
interface Health {
    Optional<Obstacle> obstacle(Optional<String> model);

    List<CredentialState.HeldModel> heldModels();

    boolean breakerOpen();

    /**
     * Begins a use; empty when the credential may not be used now. Every use that begins must be ended; otherwise
     * its probe is never released.
     */
    OptionalLong begin(Optional<String> model);

    /** The same for a use that is never a breaker's probe, because a slow upload might hold the probe for its whole time. */
    OptionalLong beginWithoutProbe(Optional<String> model);

    void limit(Outcome.Responded responded, Optional<String> model);

    void ended(long begun, Outcome outcome);

    void rejected();
}
