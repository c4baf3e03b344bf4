package dev.warder.quota.rate;

import java.util.concurrent.CompletableFuture;

/** A request for which the database is being asked; compared by identity. */
final class Waiter {
    private final Hold hold;
    private final CompletableFuture<Admission> decision = new CompletableFuture<>();

    Waiter(Hold hold) {
        this.hold = hold;
    }

    Hold hold() {
        return hold;
    }

    /** Is completed without a lock, with one that is not {@link Admission.Waits}. */
    CompletableFuture<Admission> decision() {
        return decision;
    }
}
