package dev.warder.cli;

import dev.warder.settings.GatewaySettings;
import dev.warder.usage.Cost;
import dev.warder.usage.CostTerm;
import dev.warder.usage.PriceBook;
import dev.warder.usage.PriceConditions;
import dev.warder.usage.PriceQuote;
import dev.warder.usage.PriceRow;
import dev.warder.usage.UsageCounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/** The command {@code price MODEL}: shows the rows that hold for a model, and a cost term by term. */
final class PriceCommand {
    private static final String ASSUMED =
            "  assumed: no price is known for this request, so the dearest row of the model's family counts, or of all"
                    + " models if the family is not known\n";

    private PriceCommand() {}

    /**
     * The text to show.
     *
     * @throws UsageException when there is no credential of this name
     */
    static String text(Command.Price asked, GatewaySettings settings, InstantSource clock) throws UsageException {
        BigDecimal factor = factor(asked, settings);
        Instant at = asked.at().orElseGet(clock::instant);
        var conditions = new PriceConditions(asked.model(), asked.tier(), asked.speed(), asked.geo(), at);
        PriceBook book = settings.prices().book().get();
        var text = new StringBuilder(head(conditions, book));
        book.bands(conditions).forEach(quote -> text.append(row(quote)));
        if (!asked.counts().equals(UsageCounts.NONE)) {
            text.append(cost(book.cost(conditions, asked.counts(), factor)));
        }
        return text.toString();
    }

    private static BigDecimal factor(Command.Price asked, GatewaySettings settings) throws UsageException {
        var factors = settings.prices().factors();
        if (asked.credential().isEmpty()) {
            return BigDecimal.ONE;
        }
        String name = asked.credential().get();
        if (!factors.names().contains(name) && !settings.managed().names().contains(name)) {
            throw new UsageException("--credential: neither prices.factors nor upstream.credentials has this name");
        }
        return factors.of(name);
    }

    private static String head(PriceConditions conditions, PriceBook book) {
        return "Prices of %s at %s, tier %s, speed %s, geo %s (price book %s), in USD per million tokens:%n"
                .formatted(
                        conditions.model(),
                        conditions.admitted(),
                        word(conditions.tier()),
                        word(conditions.speed()),
                        conditions.geo().orElse("unknown"),
                        book.version());
    }

    private static String row(PriceQuote quote) {
        PriceRow row = quote.row();
        var prices = row.prices();
        return "%n  %s%n%s  input %s, output %s, cache write 5m %s, cache write 1h %s, cache read %s%n"
                        .formatted(
                                row.scope(),
                                quote.assumed() ? ASSUMED : "",
                                plain(prices.input()),
                                plain(prices.output()),
                                plain(prices.write5m()),
                                plain(prices.write1h()),
                                plain(prices.read()))
                + "  1,000 web searches %s USD, web fetches free%n  source: %s%n"
                        .formatted(plain(row.webSearch()), row.source());
    }

    private static String cost(Cost cost) {
        String form = "%-16s %16s %14s %12s %10s %24s%n";
        var text = new StringBuilder("%nCost by the row %s%s:%n%n"
                .formatted(cost.quote().row().scope(), cost.quote().assumed() ? " (assumed)" : ""));
        text.append(form.formatted("kind", "count", "USD", "for", "factor", "nano-dollars"));
        for (CostTerm term : cost.terms()) {
            text.append(form.formatted(
                    term.kind().label(),
                    term.count(),
                    plain(term.price()),
                    term.kind().unit(),
                    plain(term.factor()),
                    plain(term.nanos())));
        }
        return text.append("%ncost: %d nano-dollars, rounded up (exactly %s USD)%n"
                        .formatted(cost.nanos(), plain(cost.dollars())))
                .toString();
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
