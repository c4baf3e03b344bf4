package dev.warder.ledger.store;

import java.time.Instant;

/**
 * The nodes that live, as the database sees them.
 *
 * @param count how many runs were seen in the last 60 s, by the database's clock
 * @param databaseTime what that clock showed during the call
 */
public record LiveNodes(int count, Instant databaseTime) {}
