package dev.warder.credential;

import java.util.Optional;
import java.util.OptionalLong;

/** Whether a credential may be used, as far as what came of its uses says. Thread-safe. */
interface Health {
    /** Why it may not be used now. */
    Optional<Obstacle> obstacle();

    /** Begins a use; empty when it may not be used now. Each use that began must be ended, or a probe stays taken. */
    OptionalLong begin();

    /**
     * Ends a use.
     *
     * @param begun what {@link #begin} gave it
     */
    void ended(long begun, Outcome outcome);
}
