package dev.warder.quota;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A request that waits; compared by identity. {@link NodeQuota} has the lock. */
final class Waiter {
    final Turn turn;

    /** It has taken nothing yet. */
    final Claim claim;

    /** The moment at which it began to wait, on a clock that never goes back. */
    final long since;

    /** Is completed without a lock, with one that is not {@link Admission.Waits}. */
    final CompletableFuture<Admission> decision = new CompletableFuture<>();

    /** The amounts that it waits for, of one owner: those that have not enough, or that an earlier one waits for. */
    List<Amount> lacking = List.of();

    /** Its amounts know that it waits. */
    boolean marked;

    Waiter(Turn turn, Claim claim, long since) {
        this.turn = turn;
        this.claim = claim;
        this.since = since;
    }

    /**
     * The place of a request in the line. Immutable.
     *
     * @param client the name of the client, which takes its turn among all clients
     * @param session the caller's name of its session, which takes its turn within the client; empty text if it has none
     * @param bytes memory that the request keeps while it waits
     */
    record Turn(String client, String session, long bytes) {}
}
