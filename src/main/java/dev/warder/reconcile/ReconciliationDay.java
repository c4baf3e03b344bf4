package dev.warder.reconcile;

import java.time.Instant;
import java.time.LocalDate;

/**
 * A day that was compared, or that a node is about to compare. Immutable.
 *
 * @param day in UTC
 * @param settled whether it was compared for the last time
 * @param lookedAt when a node has begun to compare it; an attempt that failed does not count
 * @param otherNanos the cost in the reports that belongs to none of the credentials, in nano-dollars
 * @param otherTokens the tokens in the reports that belong to none of the credentials; negative before the first comparison
 */
public record ReconciliationDay(LocalDate day, boolean settled, Instant lookedAt, long otherNanos, long otherTokens) {
    boolean isCompared() {
        return otherTokens >= 0;
    }
}
