package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.ledger.DatabaseGroups.Dimension;
import dev.warder.ledger.DatabaseGroups.Group;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The query of a report by time, in the words of Anthropic's reports. Immutable.
 *
 * @param query makes the next page
 * @param starting the beginning of the first bucket
 * @param ending no bucket ends later; empty for all buckets until now
 * @param limit the most buckets of a page
 * @param after where the page begins; empty for the first page
 */
record ReportQuery(
        Query query,
        Instant starting,
        Optional<Instant> ending,
        BucketWidth width,
        int limit,
        Optional<Position> after,
        Grouping grouping) {
    static final String NO_GEO = "not_available";

    /** The dimensions of a report of cost that is grouped by description. */
    static final Set<Dimension> DESCRIPTION =
            EnumSet.of(Dimension.MODEL, Dimension.TIER, Dimension.SPEED, Dimension.GEO, Dimension.PROMPT);

    private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");
    private static final String SHORT_WINDOW = "0-200k";
    private static final String LONG_WINDOW = "200k-1M";

    /** The names of the ledger for words of the reports that are others. */
    private static final Map<Dimension, Map<String, String>> NAMES = Map.of(
            Dimension.GEO, Map.of(NO_GEO, ""),
            Dimension.PROMPT, Map.of(SHORT_WINDOW, Dimension.SHORT, LONG_WINDOW, Dimension.LONG));

    private static final List<Part> PARTS = List.of(
            new Part(Dimension.CLIENT, "api_key_id", "api_key_ids", List.of()),
            new Part(Dimension.TEAM, "workspace_id", "workspace_ids", List.of()),
            new Part(Dimension.MODEL, "model", "models", List.of()),
            new Part(
                    Dimension.TIER,
                    "service_tier",
                    "service_tiers",
                    List.of("batch", "flex", "flex_discount", "priority", "priority_on_demand", "standard")),
            new Part(Dimension.PROMPT, "context_window", "context_window", List.of(SHORT_WINDOW, LONG_WINDOW)),
            new Part(Dimension.GEO, "inference_geo", "inference_geos", List.of("global", NO_GEO, "us")),
            new Part(Dimension.SPEED, "speed", "speeds", List.of("fast", "standard")));
    private static final List<String> OF_BOTH =
            List.of("starting_at", "ending_at", "bucket_width", "limit", "page", "group_by[]");
    private static final List<String> OF_USAGE = Stream.concat(
                    OF_BOTH.stream(), PARTS.stream().map(part -> part.filter + "[]"))
            .toList();

    /**
     * The groups of a bucket.
     *
     * @param by what each bucket is divided by
     * @param only the names that count, in the words of the ledger; all in a dimension that is not there
     */
    record Grouping(Set<Dimension> by, Map<Dimension, Set<String>> only) {
        Grouping {
            by = Set.copyOf(by);
            only = Map.copyOf(only);
        }
    }

    /**
     * Where a page begins: in time, so that it stays right whatever is added to the ledger.
     *
     * @param bucket the beginning of its first bucket
     * @param names the group of this bucket that was the last one of the page before; empty for the whole bucket
     */
    record Position(Instant bucket, List<String> names) {
        /** By time, then by the names; a position without names is before all others of its bucket. */
        static final Comparator<Position> ORDER =
                Comparator.comparing(Position::bucket).thenComparing(Position::names, Position::compareNames);

        Position {
            names = List.copyOf(names);
        }

        private static int compareNames(List<String> one, List<String> other) {
            return Arrays.compare(one.toArray(String[]::new), other.toArray(String[]::new));
        }

        List<String> texts() {
            return Stream.concat(Stream.of(bucket.toString()), names.stream()).toList();
        }
    }

    /**
     * The length of a bucket, with the number of buckets of a page (page "Get Messages Usage Report" of Anthropic's API).
     *
     * @param usual how many buckets a page has without a limit
     */
    enum BucketWidth {
        MINUTE("1m", Duration.ofMinutes(1), 60, 1440),
        HOUR("1h", Duration.ofHours(1), 24, 168),
        DAY("1d", Duration.ofDays(1), 7, 31);

        private final String word;
        final Duration length;
        private final int usual;
        private final int most;

        BucketWidth(String word, Duration length, int usual, int most) {
            this.word = word;
            this.length = length;
            this.usual = usual;
            this.most = most;
        }

        /** The beginning of the bucket of this time: buckets are multiples of their length since 1970, in UTC. */
        Instant floor(Instant time) {
            long seconds = length.toSeconds();
            return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
        }
    }

    /**
     * A dimension in the words of the reports.
     *
     * @param group the word by which a report is grouped by it
     * @param filter the parameter that selects names
     * @param words the names that there are; empty for any name
     */
    private record Part(Dimension dimension, String group, String filter, List<String> words) {
        Set<String> names(Query query) throws InvalidValueException {
            var names = new TreeSet<String>();
            for (var word : query.all(filter)) {
                if (words.isEmpty() ? word.isEmpty() : !words.contains(word)) {
                    throw new InvalidValueException(filter
                            + (words.isEmpty()
                                    ? ": must not be empty"
                                    : ": must be one of " + String.join(", ", words)));
                }
                names.add(NAMES.getOrDefault(dimension, Map.of()).getOrDefault(word, word));
            }
            if (names.size() > Query.MOST_ENTRIES) {
                throw new InvalidValueException(filter + ": has more than " + Query.MOST_ENTRIES + " entries");
            }
            return names;
        }
    }

    /**
     * Reads the parameters of {@code GET /v1/organizations/usage_report/messages} (page "Get Messages Usage Report" of
     * Anthropic's API), but those of accounts, which the callers of this gateway do not have.
     *
     * @param text as received, without the question mark
     * @throws InvalidValueException with the reason, for the caller
     */
    static ReportQuery ofUsage(String text) throws InvalidValueException {
        var query = Query.parse("usage", text, OF_USAGE, List.of(Query.BETA));
        var width = query.find("bucket_width", ReportQuery::width).orElse(BucketWidth.DAY);
        var by = EnumSet.noneOf(Dimension.class);
        for (var word : query.all("group_by")) {
            by.add(PARTS.stream()
                    .filter(part -> part.group.equals(word))
                    .map(Part::dimension)
                    .findFirst()
                    .orElseThrow(() -> new InvalidValueException("group_by: must be api_key_id, workspace_id, model,"
                            + " service_tier, context_window, inference_geo or speed")));
        }
        var only = new EnumMap<Dimension, Set<String>>(Dimension.class);
        for (var part : PARTS) {
            var selected = part.names(query);
            if (!selected.isEmpty()) {
                only.put(part.dimension, selected);
            }
        }
        return read(query.as(by, only), width, new Grouping(by, only));
    }

    /**
     * Reads the parameters of {@code GET /v1/organizations/cost_report} (page "Get Cost Report" of Anthropic's API).
     *
     * @param text as received, without the question mark
     * @throws InvalidValueException with the reason, for the caller
     */
    static ReportQuery ofCost(String text) throws InvalidValueException {
        var query = Query.parse("cost", text, OF_BOTH, List.of(Query.BETA));
        if (query.all("bucket_width").stream().anyMatch(word -> !word.equals(BucketWidth.DAY.word))) {
            throw new InvalidValueException("bucket_width: must be 1d");
        }
        var by = EnumSet.noneOf(Dimension.class);
        for (var word : query.all("group_by")) {
            switch (word) {
                case "workspace_id" -> by.add(Dimension.TEAM);
                case "description" -> by.addAll(DESCRIPTION);
                default -> throw new InvalidValueException("group_by: must be workspace_id or description");
            }
        }
        return read(query.as(by), BucketWidth.DAY, new Grouping(by, Map.of()));
    }

    private static ReportQuery read(Query query, BucketWidth width, Grouping grouping) throws InvalidValueException {
        var starting = query.find("starting_at", value -> time("starting_at", value))
                .orElseThrow(() -> new InvalidValueException("starting_at: is required"));
        var ending = query.find("ending_at", value -> time("ending_at", value));
        if (ending.isPresent() && !ending.get().isAfter(starting)) {
            throw new InvalidValueException("ending_at: must be later than starting_at");
        }
        int limit = query.limit(width.most).orElse(width.usual);
        var first = width.floor(starting);
        var asked = query.as(first, ending, width);
        var position = asked.position();
        return new ReportQuery(
                asked,
                first,
                ending,
                width,
                limit,
                position.isPresent() ? Optional.of(position(position.get(), first, width)) : Optional.empty(),
                grouping);
    }

    private static Position position(List<String> texts, Instant first, BucketWidth width)
            throws InvalidValueException {
        try {
            var bucket = Instant.parse(texts.get(0));
            var names = texts.subList(1, texts.size());
            if (!bucket.isBefore(first)
                    && width.floor(bucket).equals(bucket)
                    && (names.isEmpty() || names.size() == Dimension.values().length)) {
                return new Position(bucket, names);
            }
        } catch (DateTimeException malformed) {
            // Refused below, like any other text that is no position.
        }
        throw new InvalidValueException(Query.FOREIGN);
    }

    private static BucketWidth width(String word) throws InvalidValueException {
        return Stream.of(BucketWidth.values())
                .filter(each -> each.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("bucket_width: must be 1m, 1h or 1d"));
    }

    private static Instant time(String name, String value) throws InvalidValueException {
        try {
            var time = OffsetDateTime.parse(value).toInstant();
            if (!time.isBefore(FIRST) && time.isBefore(LAST)) {
                return time;
            }
        } catch (DateTimeException malformed) {
            // Refused below, like any other text that is no time.
        }
        throw new InvalidValueException(
                name + ": must be an RFC 3339 time of the years 1970 to 9999, such as 2026-11-01T00:00:00Z");
    }

    /** The value of {@code page} for a position. */
    String page(Position position) {
        return query.page(position.texts());
    }

    /** The name of a group in one dimension; empty if it has none, or the report is not grouped by it. */
    Optional<String> word(Group group, Dimension dimension) {
        if (!grouping.by().contains(dimension)) {
            return Optional.empty();
        }
        String name = group.name(dimension);
        return switch (dimension) {
            case GEO -> Optional.of(name.isEmpty() ? NO_GEO : name);
            case PROMPT -> Optional.of(name.equals(Dimension.LONG) ? LONG_WINDOW : SHORT_WINDOW);
            default -> name.isEmpty() ? Optional.empty() : Optional.of(name);
        };
    }
}
