package dev.warder.usage;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * The cost of a row. Immutable.
 *
 * @param priceVersion the {@linkplain dev.warder.usage.PriceBook#version version} of the price book
 * @param dollars the exact cost in USD; not negative
 * @param nanos the cost in nano-dollars, rounded up once, for this row; not negative
 * @param priceAssumed whether no price is known for the model, so that the dearest of its family counted
 * @param billed whether the operator pays it: false for a client's own credential and for what a user profile is billed, where the list price is given
 * @param basis how the counts were found
 */
public record UsageCost(
        String priceVersion, BigDecimal dollars, long nanos, boolean priceAssumed, boolean billed, Basis basis) {
    /** How the counts of a row were found. */
    public enum Basis {
        REPORTED,
        /** Nothing was consumed, as far as is known: the upstream refused the request, or did not receive it. */
        ASSUMED,
        /** The response was not read to its end, so that at least one count is an upper bound. */
        ESTIMATED,
        /** Warder was stopped before the try ended, and does not know what was consumed. */
        UNKNOWN
    }

    public UsageCost {
        Objects.requireNonNull(priceVersion);
        Objects.requireNonNull(basis);
        if (dollars.signum() < 0 || nanos < 0) {
            throw new IllegalArgumentException("a cost is negative");
        }
    }

    public static UsageCost of(String priceVersion, Cost cost, boolean billed, Basis basis) {
        var dollars = cost.dollars();
        return new UsageCost(
                priceVersion, dollars, Cost.nanos(dollars), cost.quote().assumed(), billed, basis);
    }

    UsageCost withPriceAssumed() {
        return new UsageCost(priceVersion, dollars, nanos, true, billed, basis);
    }
}
