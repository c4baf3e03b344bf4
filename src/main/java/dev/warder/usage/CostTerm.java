package dev.warder.usage;

import java.math.BigDecimal;

/**
 * The cost of one kind of consumption. Immutable.
 *
 * @param count how many tokens or requests
 * @param price USD for {@link UsageKind#unit} of them
 * @param factor the factor of the upstream credential
 */
public record CostTerm(UsageKind kind, long count, BigDecimal price, BigDecimal factor) {
    /** The exact cost in nano-dollars, which may have a fraction. */
    public BigDecimal nanos() {
        return price.multiply(factor)
                .multiply(BigDecimal.valueOf(count))
                .multiply(BigDecimal.valueOf(kind.nanosPerDollar()));
    }
}
