package dev.warder.quota;

import java.util.List;

/**
 * A request that asks for its admission.
 *
 * @param client the name of the client, which takes its turn among all clients
 * @param session the caller's name of its session, which takes its turn within the client; empty text if it has none
 * @param budgets what it is charged to
 * @param nanos nano-dollars to be held
 * @param bytes memory that it keeps while it waits
 */
public record HoldRequest(String client, String session, List<ChargedBudget> budgets, long nanos, long bytes) {}
