package dev.warder.quota;

import java.util.concurrent.CompletableFuture;

/** A request for which the database is being asked; compared by identity. */
final class PendingRequest {
    final RateHold hold;

    /** Is completed without a lock, with one that is not {@link RateAdmission.Waits}. */
    final CompletableFuture<RateAdmission> decision = new CompletableFuture<>();

    PendingRequest(RateHold hold) {
        this.hold = hold;
    }
}
