package dev.warder.adminapi;

import dev.warder.ledger.DatabaseGroups.Group;
import dev.warder.ledger.store.Dimension;
import dev.warder.usage.CacheWrites;
import dev.warder.usage.CostTerm;
import dev.warder.usage.PriceBook;
import dev.warder.usage.PriceConditions;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
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

    private KindCosts() {}

    static Map<UsageKind, BigDecimal> of(PriceBook book, Group group) {
        var counts = counts(group);
        var terms = book.cost(conditions(group), prompt(group), counts, BigDecimal.ONE)
                .terms();
        var shares = new EnumMap<UsageKind, BigDecimal>(UsageKind.class);
        var weight = sum(terms.stream().map(CostTerm::nanos).toList());
        for (var term : terms) {
            // Of a model that is free by the book, all tokens count the same.
            var own = weight.signum() == 0 ? BigDecimal.valueOf(term.count()) : term.nanos();
            shares.put(term.kind(), own);
        }
        var all = sum(shares.values());
        var dollars = group.sums().dollars();
        if (all.signum() == 0) {
            return Map.of(UsageKind.INPUT, dollars);
        }
        shares.replaceAll((kind, own) -> dollars.multiply(own).divide(all, DIGITS, RoundingMode.HALF_EVEN));
        shares.merge(largest(shares), dollars.subtract(sum(shares.values())), BigDecimal::add);
        return shares;
    }

    private static UsageKind largest(Map<UsageKind, BigDecimal> shares) {
        return shares.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(UsageKind.INPUT);
    }

    private static BigDecimal sum(Iterable<BigDecimal> amounts) {
        var sum = BigDecimal.ZERO;
        for (var each : amounts) {
            sum = sum.add(each);
        }
        return sum;
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

    private static PriceConditions conditions(Group group) {
        String geo = group.name(Dimension.GEO);
        return new PriceConditions(
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
