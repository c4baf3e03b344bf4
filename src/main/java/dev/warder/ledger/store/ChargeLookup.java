package dev.warder.ledger.store;

import java.util.Optional;

/** Knows what the rows of a request are charged to. Thread-safe; does not wait. */
@FunctionalInterface
public interface ChargeLookup {
    ChargeLookup NONE = request -> Optional.empty();

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
