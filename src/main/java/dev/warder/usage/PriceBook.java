package dev.warder.usage;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelSuffix;
import dev.warder.config.TextFile;
import dev.warder.http.Sha256;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All known prices. For each request one row counts: one of the operator's if any of them holds, otherwise one of Warder's
 * own. Of several rows the one with the most precise pattern counts, of these the one that names the tier, the speed and the
 * place, then the newest, then the one for the longest prompts. Immutable.
 */
public final class PriceBook {
    private static final int VERSION_BYTES = 6;

    private final List<PriceRow> operators;
    private final List<PriceRow> shipped;
    private final String version;
    private final NavigableSet<Instant> periods;
    private final NavigableSet<Long> bands;
    private final Remembered<List<?>, Quote> quotes = new Remembered<>();
    private final Remembered<String, List<Long>> lengths = new Remembered<>();
    private final Remembered<String, Optional<String>> names = new Remembered<>();

    private PriceBook(List<PriceRow> operators, List<PriceRow> shipped) {
        this.operators = List.copyOf(operators);
        this.shipped = List.copyOf(shipped);
        this.periods = all().map(PriceRow::from).collect(Collectors.toCollection(TreeSet::new));
        this.bands = all().map(PriceRow::minPrompt).collect(Collectors.toCollection(TreeSet::new));
        this.version = version(this.operators, this.shipped);
    }

    public static PriceBook shipped() {
        return Shipped.BOOK;
    }

    static List<PriceRow> shippedRows() {
        return shipped().shipped;
    }

    static PriceBook withRows(List<PriceRow> operators) {
        return new PriceBook(operators, shippedRows());
    }

    /** A name for these rows: another book with the same rows has it too, and one with other rows has another. */
    public String version() {
        return version;
    }

    public Optional<String> nameFor(String model) {
        return names.get(model, () -> findName(model));
    }

    private Optional<String> findName(String model) {
        PricedModel priced = PricedModel.of(model);
        return all().filter(row -> row.isFor(priced))
                .max(PriceRow.BY_PRECEDENCE)
                .map(PriceRow::model);
    }

    public Quote quote(Conditions conditions, long prompt) {
        Instant period =
                Optional.ofNullable(periods.floor(conditions.admitted())).orElse(Instant.MIN);
        long band = Optional.ofNullable(bands.floor(prompt)).orElse(-1L);
        // No record as the key: to compare one, the virtual machine makes 70 classes while the first request waits.
        return quotes.get(
                List.of(conditions.model(), conditions.tier(), conditions.speed(), conditions.geo(), period, band),
                () -> select(conditions, prompt));
    }

    private Quote select(Conditions conditions, long prompt) {
        PricedModel model = PricedModel.of(conditions.model());
        Predicate<PriceRow> holds = row -> row.holds(conditions, prompt) && row.isFor(model);
        return Stream.of(operators, shipped)
                .map(rows -> rows.stream().filter(holds).max(PriceRow.BY_PRECEDENCE))
                .flatMap(Optional::stream)
                .findFirst()
                .map(row -> new Quote(row, row.isAssumed()))
                .orElseGet(() -> new Quote(dearest(model, conditions, prompt), true));
    }

    public List<Quote> bands(Conditions conditions) {
        return lengths.get(conditions.model(), () -> findLengths(conditions.model())).stream()
                .map(length -> quote(conditions, length))
                .distinct()
                .toList();
    }

    /** The lengths of prompts from which on another price may hold, whatever the other conditions. */
    private List<Long> findLengths(String model) {
        PricedModel priced = PricedModel.of(model);
        var own = all().filter(row -> row.isFor(priced)).map(PriceRow::minPrompt);
        return Stream.concat(Stream.of(0L), own).sorted().distinct().toList();
    }

    /**
     * The cost of a request with one prompt.
     *
     * @param factor the factor of the upstream credential, which all terms are multiplied by
     */
    public Cost cost(Conditions conditions, UsageCounts counts, BigDecimal factor) {
        return cost(conditions, counts.prompt(), counts, factor);
    }

    /**
     * The cost of a request for which a model was run several times.
     *
     * @param prompt the tokens of one prompt, which select the price; all prompts must have the same price
     * @param counts the sum of all
     * @param factor the factor of the upstream credential, which all terms are multiplied by
     */
    public Cost cost(Conditions conditions, long prompt, UsageCounts counts, BigDecimal factor) {
        Quote quote = quote(conditions, prompt);
        var terms = new ArrayList<Cost.Term>();
        for (var kind : UsageCounts.Kind.values()) {
            long count = counts.count(kind);
            if (count > 0) {
                terms.add(new Cost.Term(kind, count, quote.row().price(kind), factor));
            }
        }
        return new Cost(quote, terms);
    }

    /**
     * The dearest row of the model's family, or of all if none is known. It is one that counts for a model under these
     * conditions, if there is any.
     */
    private PriceRow dearest(PricedModel model, Conditions conditions, long prompt) {
        Predicate<PriceRow> related =
                row -> PricedModel.families(row.model()).stream().anyMatch(model.families()::contains);
        Predicate<PriceRow> begun = row -> !row.from().isAfter(conditions.admitted());
        Predicate<PriceRow> holds = row -> row.holds(conditions, prompt);
        return Stream.of(counting(related.and(holds)), all().filter(related.and(begun)), counting(holds), all())
                .map(rows -> rows.max(PriceRow.BY_PRICE))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
    }

    private Stream<PriceRow> counting(Predicate<PriceRow> holds) {
        var rows = new HashMap<String, PriceRow>();
        for (var layer : List.of(shipped, operators)) {
            rows.putAll(layer.stream()
                    .filter(holds)
                    .collect(Collectors.toMap(
                            PriceRow::model, Function.identity(), BinaryOperator.maxBy(PriceRow.BY_PRECEDENCE))));
        }
        return rows.values().stream();
    }

    /** The version must not change with the Java release, so that the text of a row does not come from {@code toString}. */
    private static String version(List<PriceRow> operators, List<PriceRow> shipped) {
        String rows = JsonTree.newArray(List.of(document(operators), document(shipped)))
                .build()
                .toString();
        return Sha256.hex(rows, VERSION_BYTES);
    }

    private static JsonArray document(List<PriceRow> rows) {
        return JsonTree.newArray(rows.stream()
                        .map(row -> JsonTree.newArray(row.texts().toList()).build())
                        .toList())
                .build();
    }

    private Stream<PriceRow> all() {
        return Stream.concat(operators.stream(), shipped.stream());
    }

    /** Reads the rows when they are first needed, once. */
    private static final class Shipped {
        static final PriceBook BOOK = new PriceBook(List.of(), rows());

        private static List<PriceRow> rows() {
            try {
                return PriceFile.parse(JsonText.utf8(TextFile.of(PriceBook.class, "prices.json")));
            } catch (InvalidValueException malformed) {
                throw new IllegalStateException("prices.json: " + malformed.reason(), malformed);
            }
        }
    }

    /**
     * Results of earlier calculations, for a limited number of keys: clients choose the names of models. At the
     * limit all is forgotten, so that names that one client makes up do not slow the others for long. Thread-safe.
     */
    private static final class Remembered<K, V> {
        private static final int MOST = 1_000;

        private final Map<K, V> known = new ConcurrentHashMap<>();

        /** @param calculate always gives the same for a key, and never null */
        V get(K key, Supplier<V> calculate) {
            V found = known.get(key);
            if (found == null) {
                found = calculate.get();
                if (known.size() >= MOST) {
                    known.clear();
                }
                known.put(key, found);
            }
            return found;
        }
    }

    /**
     * A model's name, as rows are compared with it. Immutable.
     *
     * @param name the name as it is
     * @param undated the name without a date, {@code -latest} and a suffix in brackets
     * @param families the words of the name that may be a family's, such as {@code opus}
     */
    record PricedModel(String name, String undated, Set<String> families) {
        private static final Pattern SEPARATOR = Pattern.compile("[^A-Za-z0-9]+");
        private static final Pattern WORD = Pattern.compile("[a-z]{3,}");
        private static final Set<String> NO_FAMILY = Set.of("anthropic", "claude", "latest", "preview");

        PricedModel {
            families = Set.copyOf(families);
        }

        static PricedModel of(String name) {
            return new PricedModel(name, ModelSuffix.strip(name), families(name));
        }

        static Set<String> families(String text) {
            return Arrays.stream(SEPARATOR.split(text))
                    .filter(word -> WORD.matcher(word).matches() && !NO_FAMILY.contains(word))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    /**
     * The row that a price book selects. Immutable.
     *
     * @param assumed whether no price is known for the request, so that the dearest one of the model's family counts: no row is
     *     for it, or its row says so
     */
    public record Quote(PriceRow row, boolean assumed) {}

    /**
     * The conditions that select the price of a request, apart from the length of its prompt. Immutable.
     *
     * @param model the name of the model that served it
     * @param geo the place where the model ran ({@code inference_geo}), if it is known
     * @param admitted when Warder admitted the request: the prices of that moment count, also if it ends later
     */
    public record Conditions(String model, Tier tier, Speed speed, Optional<String> geo, Instant admitted) {}
}
