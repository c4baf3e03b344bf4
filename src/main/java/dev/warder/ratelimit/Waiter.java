package dev.warder.ratelimit;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A request for which the database is being asked.
 *
 * @param needs what it needs
 * @param limits the limits of these, in the same order
 * @param decision is completed without a lock, with one that is not {@link Admission.Waits}
 */
record Waiter(List<Need> needs, List<Limit> limits, CompletableFuture<Admission> decision) {}
