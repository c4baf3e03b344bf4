package dev.warder.usage;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import dev.warder.config.NameHint;
import dev.warder.config.ValueSyntax;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads one row of a file of prices and collects its problems. One thread at a time. */
final class PriceRowReader {
    private static final List<String> MEMBERS = List.of(
            "model",
            "from",
            "minPrompt",
            "tier",
            "speed",
            "geo",
            "input",
            "output",
            "write5m",
            "write1h",
            "read",
            "webSearch",
            "source");
    private static final String ANY = "*";
    /** The list price of 1,000 searches, the same for all models. */
    private static final BigDecimal WEB_SEARCH = BigDecimal.TEN;

    private final JsonObject row;
    private final List<String> problems = new ArrayList<>();

    PriceRowReader(JsonObject row) {
        this.row = row;
    }

    Optional<PriceRow> read() {
        reportUnknownMembers();
        String model = value("model", ANY, PriceRowReader::model);
        Instant from = value("from", Instant.EPOCH, PriceSyntax::moment);
        long minPrompt = minPrompt();
        Optional<Tier> tier = choice("tier", ValueSyntax.oneOf(List.of(Tier.values())));
        Optional<Speed> speed = choice("speed", ValueSyntax.oneOf(List.of(Speed.values())));
        Optional<String> geo = choice("geo", PriceSyntax::geo);
        var prices =
                new TokenPrices(price("input"), price("output"), price("write5m"), price("write1h"), price("read"));
        BigDecimal webSearch = row.containsKey("webSearch") ? price("webSearch") : WEB_SEARCH;
        String source = value("source", "", PriceRowReader::source);
        return problems.isEmpty()
                ? Optional.of(new PriceRow(model, from, minPrompt, tier, speed, geo, prices, webSearch, source))
                : Optional.empty();
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    private void reportUnknownMembers() {
        for (String name : row.keySet()) {
            if (!MEMBERS.contains(name)) {
                String hint = NameHint.nearest(name, MEMBERS)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
                problems.add(shown(name) + ": unknown member" + hint);
            }
        }
    }

    /** A name that is too odd to be a mistyped one is not shown: it may be a secret in the wrong place. */
    private static String shown(String name) {
        return name.matches("[A-Za-z0-9_]{1,16}") ? name : "(name not shown)";
    }

    private <T> T value(String name, T standIn, ValueSyntax.Parser<T> parser) {
        Optional<String> text = JsonTree.findText(row, name);
        if (text.isEmpty()) {
            problems.add(name + (row.containsKey(name) ? ": must be a string" : ": is missing"));
            return standIn;
        }
        try {
            return parser.parse(text.get());
        } catch (InvalidValueException refused) {
            problems.add(name + ": " + refused.reason());
            return standIn;
        }
    }

    private BigDecimal price(String name) {
        return value(name, BigDecimal.ZERO, PriceSyntax::price);
    }

    private <T> Optional<T> choice(String name, ValueSyntax.Parser<T> parser) {
        return value(name, Optional.empty(), text -> anyOr(text, parser));
    }

    private static <T> Optional<T> anyOr(String text, ValueSyntax.Parser<T> parser) throws InvalidValueException {
        if (text.equals(ANY)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.parse(text));
        } catch (InvalidValueException refused) {
            throw new InvalidValueException(refused.reason() + ", or *");
        }
    }

    private long minPrompt() {
        long tokens = JsonTree.count(row, "minPrompt", -1);
        if (tokens < 0) {
            problems.add("minPrompt: must be a whole number of tokens from 0, without quotes");
            return 0;
        }
        return tokens;
    }

    private static String model(String text) throws InvalidValueException {
        ValueSyntax.visible(text);
        if (ModelPattern.nameOrPrefix(text).isEmpty()) {
            throw new InvalidValueException("may have * only at the end of a name");
        }
        return text;
    }

    private static String source(String text) throws InvalidValueException {
        if (text.isBlank()) {
            throw new InvalidValueException("must state where the prices come from");
        }
        return text;
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
