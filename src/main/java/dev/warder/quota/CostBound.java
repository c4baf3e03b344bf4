package dev.warder.quota;

import dev.warder.auth.Inquiry;
import dev.warder.json.BodyCosts;
import dev.warder.policy.Budget;
import dev.warder.usage.Cost;
import dev.warder.usage.PriceBook;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageCounts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The highest cost of one try of a request, in nano-dollars. Immutable.
 *
 * @param admitted the moment whose prices count
 * @param quotes the prices that may count, those of longer prompts too
 * @param promptTokens how many tokens its prompt has at most, before the upstream has counted it
 * @param prompt the cost of these at most, as often as they may be read
 * @param furtherPrompts the part of it that is for runs after the first one
 * @param outputToken the cost of one token of its response at most, with such a prompt
 * @param mostOutput how many tokens its response has at most
 */
public record CostBound(
        Instant admitted,
        PriceBook book,
        List<PriceBook.Conditions> conditions,
        BigDecimal factor,
        List<PriceBook.Quote> quotes,
        long promptTokens,
        long prompt,
        long furtherPrompts,
        long outputToken,
        long mostOutput) {
    private static final long ROUNDING = 100;

    private static final long MOST = Budget.Terms.MOST_NANOS;

    private static final int NANO_DIGITS = 9;
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    /** A workspace may have a place of its own, which the response reports at its beginning. */
    private static final Optional<String> DEAREST_GEO = Optional.of("us");

    /**
     * The bounds of a request.
     *
     * @param promptTokens how many tokens its prompt has at most
     * @param mostOutput how many tokens its response has at most
     * @param factor the largest factor of all credentials, which prices are multiplied by
     */
    static CostBound of(
            PriceBook book, Inquiry inquiry, Instant admitted, long promptTokens, long mostOutput, BigDecimal factor) {
        var costs = inquiry.costs();
        var conditions = conditions(inquiry.model().orElse(""), costs, admitted);
        // One of them may respond instead, or add something.
        costs.others().names().forEach(each -> conditions.addAll(conditions(each, costs, admitted)));
        var quotes =
                conditions.stream().flatMap(each -> book.bands(each).stream()).toList();
        var counting = upTo(promptTokens, quotes);
        var write = costs.cachesForAnHour() ? UsageCounts.Kind.CACHE_WRITE_1H : UsageCounts.Kind.CACHE_WRITE_5M;
        long once = dearest(counting, factor, promptTokens, UsageCounts.Kind.INPUT, write);
        long further = product(costs.others().runs(), once);
        return new CostBound(
                admitted,
                book,
                conditions,
                factor,
                quotes,
                promptTokens,
                Math.min(MOST, once + further),
                further,
                dearest(counting, factor, 1, UsageCounts.Kind.OUTPUT),
                mostOutput);
    }

    private static List<PriceBook.Conditions> conditions(String model, BodyCosts costs, Instant admitted) {
        var speed = costs.fast() ? Speed.FAST : Speed.STANDARD;
        var conditions = new ArrayList<PriceBook.Conditions>();
        for (var tier : List.of(Tier.STANDARD, Tier.PRIORITY)) {
            conditions.add(new PriceBook.Conditions(model, tier, speed, costs.geo(), admitted));
            conditions.add(new PriceBook.Conditions(model, tier, speed, DEAREST_GEO, admitted));
        }
        return conditions;
    }

    /** A longer prompt may have another price: those that count up to this length. */
    private static List<PriceBook.Quote> upTo(long promptTokens, List<PriceBook.Quote> quotes) {
        return quotes.stream()
                .filter(quote -> quote.row().minPrompt() <= promptTokens)
                .toList();
    }

    /**
     * The amount to hold before the upstream has counted the prompt.
     *
     * @param output how many tokens the response may have until the next look; at most {@link #mostOutput} count
     */
    public long with(long output) {
        return with(prompt, outputToken, output);
    }

    /**
     * The amount to hold for a response.
     *
     * @param promptCost nano-dollars
     * @param tokenCost the cost of one token of the response, in nano-dollars
     * @param output how many tokens the response may have until the next look; at most {@link #mostOutput} count
     */
    public long with(long promptCost, long tokenCost, long output) {
        long tokens = Math.min(mostOutput, output);
        return Math.min(MOST, promptCost) + product(tokens, tokenCost) + ROUNDING;
    }

    /** The cost of one token of the response at most; the upstream may count a longer prompt than was expected. */
    public long outputToken(UsageCounts counts) {
        return counts.prompt() <= promptTokens
                ? outputToken
                : dearest(upTo(counts.prompt(), quotes), factor, 1, UsageCounts.Kind.OUTPUT);
    }

    public long promptCost(UsageCounts counts) {
        var withoutOutput = new UsageCounts(
                counts.input(), counts.writes(), counts.read(), 0, 0, counts.webSearches(), counts.webFetches());
        long counted = conditions.stream()
                .map(each -> book.cost(each, withoutOutput, factor))
                .mapToLong(Cost::nanos)
                .max()
                .orElse(0);
        return Math.min(MOST, Math.min(MOST, counted) + furtherPrompts);
    }

    private static long dearest(
            List<PriceBook.Quote> quotes, BigDecimal factor, long tokens, UsageCounts.Kind... kinds) {
        var dearest = BigDecimal.ZERO;
        for (var quote : quotes) {
            for (var kind : kinds) {
                dearest = dearest.max(quote.row().price(kind));
            }
        }
        return dearest.multiply(factor)
                .multiply(BigDecimal.valueOf(tokens))
                .movePointRight(NANO_DIGITS)
                .divide(MILLION, 0, RoundingMode.CEILING)
                .min(BigDecimal.valueOf(MOST))
                .longValue();
    }

    private static long product(long tokens, long nanos) {
        boolean fits = Math.multiplyHigh(tokens, nanos) == 0;
        return fits && tokens * nanos >= 0 ? Math.min(MOST, tokens * nanos) : MOST;
    }
}
