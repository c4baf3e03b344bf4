package dev.warder.usage;

import dev.warder.config.ModelPattern;
import dev.warder.usage.PriceBook.PricedModel;
import dev.warder.usage.UsageCounts.Kind;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * @param prices USD for {@link Kind#unit} of each kind; a kind that is not there is free
 * @param source where the prices come from, for people
 */
public record PriceRow(
        String model,
        Instant from,
        long minPrompt,
        Optional<Tier> tier,
        Optional<Speed> speed,
        Optional<String> geo,
        Map<Kind, BigDecimal> prices,
        String source) {
    /** Among rows that hold for one request, the one that counts is last. */
    static final Comparator<PriceRow> BY_PRECEDENCE = Comparator.comparingInt(PriceRow::precision)
            .thenComparing(row -> row.tier().isPresent())
            .thenComparing(row -> row.speed().isPresent())
            .thenComparing(row -> row.geo().isPresent())
            .thenComparing(PriceRow::from)
            .thenComparingLong(PriceRow::minPrompt);

    static final Comparator<PriceRow> BY_PRICE = Stream.of(
                    Kind.INPUT, Kind.OUTPUT, Kind.CACHE_WRITE_1H, Kind.CACHE_WRITE_5M, Kind.CACHE_READ)
            .map(kind -> Comparator.<PriceRow, BigDecimal>comparing(row -> row.price(kind)))
            .reduce(Comparator::thenComparing)
            .orElseThrow();

    /** The kinds whose prices a row states, in the order of {@link #texts}. */
    static final List<Kind> PRICED = List.of(
            Kind.INPUT, Kind.OUTPUT, Kind.CACHE_WRITE_5M, Kind.CACHE_WRITE_1H, Kind.CACHE_READ, Kind.WEB_SEARCH);

    private static final int EXACT = 1_000_000;

    private static final String ASSUMED = "assumed:";

    public PriceRow {
        if (ModelPattern.nameOrPrefix(model).isEmpty() || minPrompt < 0) {
            throw new IllegalArgumentException("model or minPrompt is out of range");
        }
        if (prices.values().stream().anyMatch(price -> price.signum() < 0)) {
            throw new IllegalArgumentException("a price is negative");
        }
        prices = Collections.unmodifiableMap(new EnumMap<>(prices));
    }

    public BigDecimal price(Kind kind) {
        return prices.getOrDefault(kind, BigDecimal.ZERO);
    }

    public String scope() {
        return model + " from " + from + ", prompts from " + minPrompt + " tokens, tier " + word(tier) + ", speed "
                + word(speed) + ", geo " + geo.orElse("*");
    }

    Stream<String> texts() {
        var first =
                Stream.of(model, from.toString(), Long.toString(minPrompt), word(tier), word(speed), geo.orElse("*"));
        var amounts = PRICED.stream().map(kind -> price(kind).toPlainString());
        return Stream.of(first, amounts, Stream.of(source)).flatMap(each -> each);
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
}
