package dev.warder.ratelimit;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A request for which the database is being asked; compared by identity. */
final class Waiter {
    private final List<Need> needs;
    private final List<Limit> limits;
    private final CompletableFuture<Admission> decision = new CompletableFuture<>();

    /**
     * @param needs what it needs
     * @param limits the limits of these, in the same order
     */
    Waiter(List<Need> needs, List<Limit> limits) {
        this.needs = List.copyOf(needs);
        this.limits = List.copyOf(limits);
    }

    List<Need> needs() {
        return needs;
    }

    List<Limit> limits() {
        return limits;
    }

    /** Is completed without a lock, with one that is not {@link Admission.Waits}. */
    CompletableFuture<Admission> decision() {
        return decision;
    }
}
