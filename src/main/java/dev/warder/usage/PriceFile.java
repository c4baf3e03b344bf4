package dev.warder.usage;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import dev.warder.config.NameHint;
import dev.warder.config.TextFile;
import dev.warder.config.ValueSyntax;
import dev.warder.json.JsonTree;
import dev.warder.usage.PriceRow.TokenPrices;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a file of price rows, {@code {"rows": [{…}, …]}}, or reports everything that is wrong with it. */
final class PriceFile {
    private static final int MOST_PROBLEMS = 20;
    private static final List<String> MEMBERS = List.of(
            "model from minPrompt tier speed geo input output write5m write1h read webSearch source".split(" "));
    private static final String ANY = "*";
    /** The list price of 1,000 searches, the same for all models. */
    private static final BigDecimal WEB_SEARCH = BigDecimal.TEN;

    private final List<PriceRow> rows = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Integer> scopes = new HashMap<>();

    private PriceFile() {}

    /**
     * The rows of a file.
     *
     * @throws InvalidValueException with all problems; each names the row, counted from 1, and its member
     */
    static List<PriceRow> parse(byte[] content) throws InvalidValueException {
        var file = new PriceFile();
        file.read(document(TextFile.decodeText(content)));
        file.requireNoProblem();
        return List.copyOf(file.rows);
    }

    private static JsonArray document(String text) throws InvalidValueException {
        // The first reading refuses text after the document, the second one two members of one name.
        Optional<JsonObject> document = JsonTree.parse(text).flatMap(whole -> JsonTree.parseDistinctObject(text));
        if (document.isEmpty()) {
            throw new InvalidValueException("is not one JSON object, or has two members of one name");
        }
        if (document.get().size() != 1 || !(document.get().get("rows") instanceof JsonArray rows)) {
            throw new InvalidValueException("must have one member, the array rows");
        }
        return rows;
    }

    private void read(JsonArray array) {
        int number = 0;
        for (JsonValue value : array) {
            number++;
            if (value instanceof JsonObject object) {
                new RowReader(number, object).read();
            } else {
                problems.add("row " + number + ": must be an object");
            }
        }
    }

    private void requireNoProblem() throws InvalidValueException {
        int more = problems.size() - MOST_PROBLEMS;
        if (!problems.isEmpty()) {
            throw new InvalidValueException(
                    String.join("; ", problems.subList(0, Math.min(problems.size(), MOST_PROBLEMS)))
                            + (more > 0 ? "; and " + more + " more problems" : ""));
        }
    }

    /** Reads one row, whose number counts from 1. */
    private final class RowReader {
        private final int number;
        private final JsonObject row;

        RowReader(int number, JsonObject row) {
            this.number = number;
            this.row = row;
        }

        void read() {
            int before = problems.size();
            reportUnknownMembers();
            String model = value("model", ANY, PriceFile::model);
            Instant from = value("from", Instant.EPOCH, PriceSyntax::moment);
            long minPrompt = minPrompt();
            Optional<Tier> tier = choice("tier", ValueSyntax.oneOf(List.of(Tier.values())));
            Optional<Speed> speed = choice("speed", ValueSyntax.oneOf(List.of(Speed.values())));
            Optional<String> geo = choice("geo", PriceSyntax::geo);
            var prices =
                    new TokenPrices(price("input"), price("output"), price("write5m"), price("write1h"), price("read"));
            BigDecimal webSearch = row.containsKey("webSearch") ? price("webSearch") : WEB_SEARCH;
            String source = value("source", "", PriceFile::source);
            if (problems.size() == before) {
                add(new PriceRow(model, from, minPrompt, tier, speed, geo, prices, webSearch, source));
            }
        }

        private void add(PriceRow read) {
            Integer before = scopes.putIfAbsent(read.scope(), number);
            if (before != null) {
                problem("has the model, from, minPrompt, tier, speed and geo of row " + before);
            }
            rows.add(read);
        }

        private void problem(String text) {
            problems.add("row " + number + ": " + text);
        }

        private void reportUnknownMembers() {
            for (String name : row.keySet()) {
                if (!MEMBERS.contains(name)) {
                    problem(shown(name) + ": unknown member"
                            + NameHint.didYouMean(name, MEMBERS).orElse(""));
                }
            }
        }

        private <T> T value(String name, T standIn, ValueSyntax.Parser<T> parser) {
            Optional<String> text = JsonTree.findText(row, name);
            if (text.isEmpty()) {
                problem(name + (row.containsKey(name) ? ": must be a string" : ": is missing"));
                return standIn;
            }
            try {
                return parser.parse(text.get());
            } catch (InvalidValueException refused) {
                problem(name + ": " + refused.reason());
                return standIn;
            }
        }

        private BigDecimal price(String name) {
            return value(name, BigDecimal.ZERO, PriceSyntax::price);
        }

        private <T> Optional<T> choice(String name, ValueSyntax.Parser<T> parser) {
            return value(name, Optional.empty(), text -> anyOr(text, parser));
        }

        private long minPrompt() {
            long tokens = JsonTree.count(row, "minPrompt", -1);
            if (tokens < 0) {
                problem("minPrompt: must be a whole number of tokens from 0, without quotes");
                return 0;
            }
            return tokens;
        }
    }

    /** A name that is too odd to be a mistyped one is not shown: it may be a secret in the wrong place. */
    private static String shown(String name) {
        return name.matches("[A-Za-z0-9_]{1,16}") ? name : "(name not shown)";
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
}
