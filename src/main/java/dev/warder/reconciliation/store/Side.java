package dev.warder.reconciliation.store;

import dev.warder.reconciliation.report.Counts;

/**
 * What the ledger or the reports have of a line. Immutable.
 *
 * @param nanos the cost in nano-dollars
 * @param counts what was used
 */
public record Side(long nanos, Counts counts) {
    /** Nothing. */
    public static final Side NONE = new Side(0, Counts.NONE);
}
