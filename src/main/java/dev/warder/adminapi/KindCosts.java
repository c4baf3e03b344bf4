package dev.warder.adminapi;

import dev.warder.json.JsonTree;
import dev.warder.ledger.DatabaseGroups.Dimension;
import dev.warder.ledger.DatabaseGroups.Group;
import dev.warder.usage.Cost;
import dev.warder.usage.PriceBook;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Divides the cost of a group by kind of use. The ledger has one cost for each row, which contains the factors of credentials
 * and the prices of the moment. It is divided in the ratio of what the kinds cost by the price book, so that the shares add up
 * to exactly what the ledger has. Thread-safe.
 */
final class KindCosts {
    /** Digits of a share after the point of a dollar, the largest share apart: it has the rest. */
    private static final int DIGITS = 14;

    private static final int CENT_DIGITS = 2;

    private KindCosts() {}

    /** The results of a group in a report of cost: one, or one for each kind of use if the report is grouped by description. */
    static List<JsonObject> results(PriceBook book, ReportQuery query, Group group) {
        if (!query.grouping().by().contains(Dimension.MODEL)) {
            return List.of(result(query, group, Optional.empty(), group.sums().dollars()));
        }
        return of(book, group).entrySet().stream()
                .map(share -> result(query, group, Optional.of(share.getKey()), share.getValue()))
                .toList();
    }

    /** The shape of page "Get Cost Report" of Anthropic's API, type {@code CostReport}. Only tokens have a model and the like. */
    private static JsonObject result(
            ReportQuery query, Group group, Optional<UsageCounts.Kind> kind, BigDecimal dollars) {
        var tokens = kind.flatMap(KindCosts::tokens);
        return JsonTree.newObject()
                .add("currency", "USD")
                .add("amount", cents(dollars))
                .add("workspace_id", JsonTree.orNull(query.word(group, Dimension.TEAM)))
                .add(
                        "description",
                        JsonTree.orNull(kind.map(each -> tokens.isPresent() ? description(group, each) : "Web search")))
                .add("cost_type", JsonTree.orNull(kind.map(any -> tokens.isPresent() ? "tokens" : "web_search")))
                .add("context_window", JsonTree.orNull(tokens.flatMap(any -> query.word(group, Dimension.PROMPT))))
                .add("model", JsonTree.orNull(tokens.flatMap(any -> query.word(group, Dimension.MODEL))))
                .add("service_tier", JsonTree.orNull(tokens.flatMap(any -> query.word(group, Dimension.TIER))))
                .add("token_type", JsonTree.orNull(tokens))
                .add("inference_geo", JsonTree.orNull(tokens.flatMap(any -> query.word(group, Dimension.GEO))))
                .build();
    }

    static String cents(BigDecimal dollars) {
        return dollars.signum() == 0
                ? "0"
                : dollars.movePointRight(CENT_DIGITS).stripTrailingZeros().toPlainString();
    }

    /** For people, with the speed, for which the report has no member. */
    private static String description(Group group, UsageCounts.Kind kind) {
        String model = group.name(Dimension.MODEL);
        String speed = group.name(Dimension.SPEED);
        return (model.isEmpty() ? "Unknown model" : model) + ": " + kind.label()
                + (speed.isEmpty() || speed.equals("standard") ? "" : ", " + speed);
    }

    private static Optional<String> tokens(UsageCounts.Kind kind) {
        return switch (kind) {
            case INPUT -> Optional.of("uncached_input_tokens");
            case CACHE_WRITE_5M -> Optional.of("cache_creation.ephemeral_5m_input_tokens");
            case CACHE_WRITE_1H -> Optional.of("cache_creation.ephemeral_1h_input_tokens");
            case CACHE_READ -> Optional.of("cache_read_input_tokens");
            case OUTPUT -> Optional.of("output_tokens");
            case WEB_SEARCH, WEB_FETCH -> Optional.empty();
        };
    }

    static Map<UsageCounts.Kind, BigDecimal> of(PriceBook book, Group group) {
        var counts = counts(group);
        var terms = book.cost(conditions(group), prompt(group), counts, BigDecimal.ONE)
                .terms();
        var shares = new EnumMap<UsageCounts.Kind, BigDecimal>(UsageCounts.Kind.class);
        var weight = sum(terms.stream().map(Cost.Term::nanos).toList());
        for (var term : terms) {
            // Of a model that is free by the book, all tokens count the same.
            var own = weight.signum() == 0 ? BigDecimal.valueOf(term.count()) : term.nanos();
            shares.put(term.kind(), own);
        }
        var all = sum(shares.values());
        var dollars = group.sums().dollars();
        if (all.signum() == 0) {
            return Map.of(UsageCounts.Kind.INPUT, dollars);
        }
        shares.replaceAll((kind, own) -> dollars.multiply(own).divide(all, DIGITS, RoundingMode.HALF_EVEN));
        var largest = Collections.max(shares.entrySet(), Map.Entry.comparingByValue());
        shares.merge(largest.getKey(), dollars.subtract(sum(shares.values())), BigDecimal::add);
        return shares;
    }

    private static BigDecimal sum(Collection<BigDecimal> amounts) {
        return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static UsageCounts counts(Group group) {
        var sums = group.sums();
        return new UsageCounts(
                sums.input(),
                new CacheWrites(sums.write5m(), sums.write1h()),
                sums.read(),
                sums.output(),
                0,
                sums.searches(),
                0);
    }

    private static PriceBook.Conditions conditions(Group group) {
        String geo = group.name(Dimension.GEO);
        return new PriceBook.Conditions(
                group.name(Dimension.MODEL),
                constant(Tier.values(), group.name(Dimension.TIER)).orElse(Tier.STANDARD),
                constant(Speed.values(), group.name(Dimension.SPEED)).orElse(Speed.STANDARD),
                geo.isEmpty() ? Optional.empty() : Optional.of(geo),
                group.starts());
    }

    private static <T extends Enum<T>> Optional<T> constant(T[] all, String word) {
        return List.of(all).stream()
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }

    /** The tokens of a prompt of this length, which select the price. */
    private static long prompt(Group group) {
        return group.name(Dimension.PROMPT).equals(Dimension.LONG) ? Dimension.LONGEST_SHORT + 1 : 0;
    }
}
