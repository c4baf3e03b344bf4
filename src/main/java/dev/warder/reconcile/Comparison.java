package dev.warder.reconcile;

import org.jdbi.v3.core.mapper.Nested;

/**
 * Both sides of a line. Immutable.
 *
 * @param rows how many rows of the ledger there are
 * @param roundingNanos the largest difference in nano-dollars that rounding explains
 */
public record Comparison(long rows, @Nested("ledger") Side ledger, @Nested("report") Side report, long roundingNanos) {
    public static final Comparison NONE = new Comparison(0, Side.NONE, Side.NONE, 0);

    Comparison plus(Comparison other) {
        return new Comparison(
                rows + other.rows,
                ledger.plus(other.ledger),
                report.plus(other.report),
                roundingNanos + other.roundingNanos);
    }

    /** The cost of the reports less that of the ledger, in nano-dollars. */
    public long difference() {
        return report.nanos() - ledger.nanos();
    }

    public long distance() {
        return report.distance(ledger);
    }

    /** Whether nothing was used, however many requests there were: clients may invent names of models. */
    boolean isEmpty() {
        return ledger.equals(Side.NONE) && report.equals(Side.NONE);
    }
}
