package dev.warder.ledger.store;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The budgets that a request's rows are charged to. Immutable.
 *
 * @param run the run of the node that admitted the request, and reserved money for it
 * @param periods each once: the windows that contain the moment of admission
 */
public record Charged(UUID run, List<PeriodKey> periods) {
    public Charged {
        periods = List.copyOf(periods);
    }

    /** Knows what the rows of a request are charged to. Thread-safe; does not wait. */
    @FunctionalInterface
    public interface Lookup {
        Lookup NONE = request -> Optional.empty();

        /**
         * The budgets that a request's rows are charged to; empty if to nothing.
         *
         * @param request Warder's id of a request that has ended and has rows; it is asked for once
         */
        Optional<Charged> charged(String request);

        default Optional<HeldAmount> held(String request) {
            return Optional.empty();
        }
    }
}
