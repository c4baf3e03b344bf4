package dev.warder.quota;

import java.util.concurrent.CompletableFuture;

/**
 * A request that waits for money.
 *
 * @param request what it needs
 * @param hold what it will hold; nothing of it is held yet
 * @param since when it began to wait, on a clock that never goes back
 * @param decision is completed without a lock, with one that is not {@link Admission.Waits}
 */
public record Waiter(HoldRequest request, Hold hold, long since, CompletableFuture<Admission> decision) {}
