package dev.warder.ledger.store;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * The cost of a client's requests of one session. Immutable.
 *
 * @param id the id of the session, which the client has chosen
 * @param rows how many rows of the ledger it has
 * @param dollars their cost in US dollars
 * @param lastEnd when the last of them ended
 */
public record SessionSums(String id, long rows, BigDecimal dollars, Instant lastEnd) {}
