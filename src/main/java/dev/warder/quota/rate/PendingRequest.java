package dev.warder.quota.rate;

import java.util.concurrent.CompletableFuture;

/** A request for which the database is being asked; compared by identity. */
final class PendingRequest {
    private final RateHold hold;
    private final CompletableFuture<RateAdmission> decision = new CompletableFuture<>();

    PendingRequest(RateHold hold) {
        this.hold = hold;
    }

    RateHold hold() {
        return hold;
    }

    /** Is completed without a lock, with one that is not {@link RateAdmission.Waits}. */
    CompletableFuture<RateAdmission> decision() {
        return decision;
    }
}
