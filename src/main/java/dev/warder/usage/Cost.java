package dev.warder.usage;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * The cost of what one model consumed in one try. Immutable.
 *
 * @param quote the prices
 * @param terms the cost of each kind; a kind without a count is left out
 */
public record Cost(PriceBook.Quote quote, List<Term> terms) {
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    static final int NANO_DIGITS = 9;

    public Cost {
        terms = List.copyOf(terms);
    }

    /** The whole cost in nano-dollars, see {@link #nanos(BigDecimal)}. */
    public long nanos() {
        return nanos(dollars());
    }

    /** USD in nano-dollars, rounded up. What exceeds a {@code long}, 9.2 billion dollars, is the largest one. */
    public static long nanos(BigDecimal dollars) {
        return dollars.movePointRight(NANO_DIGITS)
                .setScale(0, RoundingMode.CEILING)
                .min(MOST)
                .longValueExact();
    }

    public BigDecimal dollars() {
        var nanos = BigDecimal.ZERO;
        for (var term : terms) {
            nanos = nanos.add(term.nanos());
        }
        return nanos.movePointLeft(NANO_DIGITS);
    }

    /**
     * The cost of one kind of consumption. Immutable.
     *
     * @param count how many tokens or requests
     * @param price USD for {@link UsageCounts.Kind#unit} of them
     * @param factor the factor of the upstream credential
     */
    public record Term(UsageCounts.Kind kind, long count, BigDecimal price, BigDecimal factor) {
        /** The exact cost in nano-dollars, which may have a fraction. */
        public BigDecimal nanos() {
            return price.multiply(factor)
                    .multiply(BigDecimal.valueOf(count))
                    .multiply(BigDecimal.valueOf(kind.nanosPerDollar()));
        }
    }
}
