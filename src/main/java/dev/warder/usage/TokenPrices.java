package dev.warder.usage;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.stream.Stream;

/** Prices in USD per million tokens. Immutable. */
public record TokenPrices(
        BigDecimal input, BigDecimal output, BigDecimal write5m, BigDecimal write1h, BigDecimal read) {
    static final Comparator<TokenPrices> BY_PRICE = Comparator.comparing(TokenPrices::input)
            .thenComparing(TokenPrices::output)
            .thenComparing(TokenPrices::write1h)
            .thenComparing(TokenPrices::write5m)
            .thenComparing(TokenPrices::read);

    public TokenPrices {
        if (Stream.of(input, output, write5m, write1h, read).anyMatch(price -> price.signum() < 0)) {
            throw new IllegalArgumentException("a price is negative");
        }
    }
}
