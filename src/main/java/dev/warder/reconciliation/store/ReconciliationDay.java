package dev.warder.reconciliation.store;

import java.time.Instant;
import java.time.LocalDate;

/**
 * A day that was compared. Immutable.
 *
 * @param day in UTC
 * @param settled whether it is no longer looked at by itself
 * @param lookedAt when it was compared last, by the database's clock
 * @param otherNanos the cost in the reports that belongs to none of the credentials, in nano-dollars
 * @param otherTokens the tokens in the reports that belong to none of the credentials
 */
public record ReconciliationDay(LocalDate day, boolean settled, Instant lookedAt, long otherNanos, long otherTokens) {}
