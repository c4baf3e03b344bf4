package dev.warder.reconcile;

import java.util.Arrays;
import java.util.stream.IntStream;
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

    /**
     * Cost, tokens by kind, and searches: of the ledger or of the reports. None is negative. Immutable.
     *
     * @param nanos the cost in nano-dollars
     * @param input tokens of input that were neither read from the cache nor written to it
     * @param write5m tokens written to the cache for 5 minutes
     * @param write1h tokens written to the cache for an hour
     * @param read tokens read from the cache
     * @param output tokens of output
     * @param searches web searches
     */
    public record Side(long nanos, long input, long write5m, long write1h, long read, long output, long searches) {
        public static final Side NONE = new Side(0, 0, 0, 0, 0, 0, 0);

        private static Side of(long... values) {
            return new Side(values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
        }

        long[] values() {
            return new long[] {nanos, input, write5m, write1h, read, output, searches};
        }

        Side plus(Side other) {
            var sum = values();
            Arrays.setAll(sum, i -> Math.addExact(sum[i], other.values()[i]));
            return of(sum);
        }

        long tokens() {
            return input + write5m + write1h + read + output;
        }

        /** The sum of the differences in tokens and searches without their signs: 0 only if nothing differs. */
        long distance(Side other) {
            var here = values();
            var there = other.values();
            return IntStream.range(1, here.length)
                    .mapToLong(i -> Math.abs(here[i] - there[i]))
                    .sum();
        }
    }
}
