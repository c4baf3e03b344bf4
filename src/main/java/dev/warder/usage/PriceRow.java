package dev.warder.usage;

import dev.warder.config.ModelPattern;
import dev.warder.usage.PriceBook.PricedModel;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The prices of some models from some time on. Immutable.
 *
 * @param model the name of a model, or the beginning of names with {@code *} at its end
 * @param from the first moment at which the row holds
 * @param minPrompt the fewest tokens of a prompt for which the row holds
 * @param tier the tier; empty for each
 * @param speed the speed; empty for each
 * @param geo the place; empty for each
 * @param webSearch USD per thousand web searches
 * @param source where the prices come from, for people
 */
public record PriceRow(
        String model,
        Instant from,
        long minPrompt,
        Optional<Tier> tier,
        Optional<Speed> speed,
        Optional<String> geo,
        TokenPrices prices,
        BigDecimal webSearch,
        String source) {
    /** Among rows that hold for one request, the one that counts is last. */
    static final Comparator<PriceRow> BY_PRECEDENCE = Comparator.comparingInt(PriceRow::precision)
            .thenComparing(row -> row.tier().isPresent())
            .thenComparing(row -> row.speed().isPresent())
            .thenComparing(row -> row.geo().isPresent())
            .thenComparing(PriceRow::from)
            .thenComparingLong(PriceRow::minPrompt);

    private static final int EXACT = 1_000_000;

    private static final String ASSUMED = "assumed:";

    public PriceRow {
        if (ModelPattern.nameOrPrefix(model).isEmpty() || minPrompt < 0) {
            throw new IllegalArgumentException("model or minPrompt is out of range");
        }
    }

    public BigDecimal price(UsageCounts.Kind kind) {
        return switch (kind) {
            case INPUT -> prices.input();
            case CACHE_WRITE_5M -> prices.write5m();
            case CACHE_WRITE_1H -> prices.write1h();
            case CACHE_READ -> prices.read();
            case OUTPUT -> prices.output();
            case WEB_SEARCH -> webSearch;
            case WEB_FETCH -> BigDecimal.ZERO;
        };
    }

    public String scope() {
        return model + " from " + from + ", prompts from " + minPrompt + " tokens, tier " + word(tier) + ", speed "
                + word(speed) + ", geo " + geo.orElse("*");
    }

    List<String> texts() {
        return List.of(
                model,
                from.toString(),
                Long.toString(minPrompt),
                word(tier),
                word(speed),
                geo.orElse("*"),
                prices.input().toPlainString(),
                prices.output().toPlainString(),
                prices.write5m().toPlainString(),
                prices.write1h().toPlainString(),
                prices.read().toPlainString(),
                webSearch.toPlainString(),
                source);
    }

    boolean isAssumed() {
        return source.startsWith(ASSUMED);
    }

    boolean isFor(PricedModel asked) {
        ModelPattern pattern = ModelPattern.nameOrPrefix(model).orElseThrow();
        return pattern.matches(asked.name()) || pattern.matches(asked.undated());
    }

    boolean holds(PriceBook.Conditions conditions, long prompt) {
        return !from.isAfter(conditions.admitted())
                && minPrompt <= prompt
                && isAnyOr(tier, conditions.tier())
                && isAnyOr(speed, conditions.speed())
                && (geo.isEmpty() || geo.equals(conditions.geo()));
    }

    private int precision() {
        return model.endsWith("*") ? model.length() : EXACT + model.length();
    }

    private static <T> boolean isAnyOr(Optional<T> wanted, T given) {
        return wanted.isEmpty() || wanted.get().equals(given);
    }

    private static String word(Optional<? extends Enum<?>> choice) {
        return choice.map(each -> each.name().toLowerCase(Locale.ROOT)).orElse("*");
    }

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
}
