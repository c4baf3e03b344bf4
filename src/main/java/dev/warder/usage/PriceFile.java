package dev.warder.usage;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import dev.warder.config.TextFile;
import dev.warder.config.ValueSyntax;
import dev.warder.json.JsonTree;
import dev.warder.json.ObjectReader;
import dev.warder.json.Problems;
import dev.warder.usage.UsageCounts.Kind;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a file of price rows, {@code {"rows": [{…}, …]}}, or reports everything that is wrong with it. */
public final class PriceFile {
    private static final List<String> MEMBERS = List.of(
            "model from minPrompt tier speed geo input output write5m write1h read webSearch source".split(" "));
    private static final String ANY = "*";

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,6}(?:\\.[0-9]{1,9})?");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern GEO = Pattern.compile("[a-z][a-z0-9_-]{0,31}");

    /** The list price of 1,000 searches, the same for all models. */
    private static final BigDecimal WEB_SEARCH = BigDecimal.TEN;

    private final List<PriceRow> rows = new ArrayList<>();
    private final Problems problems = new Problems();
    private final Map<String, Integer> scopes = new HashMap<>();

    private PriceFile() {}

    /**
     * The rows of a file.
     *
     * @throws InvalidValueException with all problems; each names the row, counted from 1, and its member
     */
    static List<PriceRow> parse(byte[] content) throws InvalidValueException {
        var file = new PriceFile();
        int number = 0;
        for (var row : document(TextFile.decodeText(content))) {
            number++;
            file.read(number, row);
        }
        file.problems.throwIfAny();
        return List.copyOf(file.rows);
    }

    private static JsonArray document(String text) throws InvalidValueException {
        Optional<JsonObject> document = JsonTree.parseWholeDistinctObject(text);
        if (document.isEmpty()) {
            throw new InvalidValueException("is not one JSON object, or has two members of one name");
        }
        if (document.get().size() != 1 || !(document.get().get("rows") instanceof JsonArray rows)) {
            throw new InvalidValueException("must have one member, the array rows");
        }
        return rows;
    }

    private void read(int number, JsonValue value) {
        String place = "row " + number;
        if (!(value instanceof JsonObject object)) {
            problems.add(place, "must be an object");
            return;
        }
        int before = problems.count();
        var row = ObjectReader.of(object, place, problems, MEMBERS);
        var model = row.require("model", PriceFile::model);
        var from = row.require("from", PriceFile::moment);
        long minPrompt = JsonTree.count(object, "minPrompt", -1);
        if (minPrompt < 0) {
            row.problem("minPrompt", "must be a whole number of tokens from 0, without quotes");
        }
        var tier = choice(row, "tier", ValueSyntax.oneOf(List.of(Tier.values())));
        var speed = choice(row, "speed", ValueSyntax.oneOf(List.of(Speed.values())));
        var geo = choice(row, "geo", PriceFile::geo);
        var prices = new EnumMap<Kind, BigDecimal>(Kind.class);
        PriceRow.PRICED.forEach(kind -> prices.put(kind, price(row, kind)));
        var source = row.require("source", PriceFile::source);
        if (problems.count() == before) {
            add(
                    number,
                    new PriceRow(
                            model.orElseThrow(),
                            from.orElseThrow(),
                            minPrompt,
                            tier,
                            speed,
                            geo,
                            prices,
                            source.orElseThrow()));
        }
    }

    private void add(int number, PriceRow read) {
        Integer before = scopes.putIfAbsent(read.scope(), number);
        if (before != null) {
            problems.add("row " + number, "has the model, from, minPrompt, tier, speed and geo of row " + before);
        }
        rows.add(read);
    }

    private static BigDecimal price(ObjectReader row, Kind kind) {
        return kind == Kind.WEB_SEARCH
                ? row.find(kind.member, PriceFile::price).orElse(WEB_SEARCH)
                : row.require(kind.member, PriceFile::price).orElse(BigDecimal.ZERO);
    }

    private static <T> Optional<T> choice(ObjectReader row, String name, ValueSyntax.Parser<T> parser) {
        return row.require(name, text -> anyOr(text, parser)).flatMap(any -> any);
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

    public static Instant moment(String text) throws InvalidValueException {
        try {
            return DATE.matcher(text).matches()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw new InvalidValueException(
                    "must be a date such as 2026-10-07, for midnight UTC, or a time such as 2026-10-07T12:00:00Z");
        }
    }

    public static String geo(String text) throws InvalidValueException {
        if (!GEO.matcher(text).matches()) {
            throw new InvalidValueException("must be the name of a place in lower case, such as us");
        }
        return text;
    }

    private static BigDecimal price(String text) throws InvalidValueException {
        return decimal(text, "must be a decimal in a string, such as \"0.25\", below one million");
    }

    static BigDecimal decimal(String text, String reason) throws InvalidValueException {
        if (!DECIMAL.matcher(text).matches()) {
            throw new InvalidValueException(reason);
        }
        return new BigDecimal(text);
    }
}
