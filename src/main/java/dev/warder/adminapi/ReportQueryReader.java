package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.ledger.store.Dimension;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what the queries of both reports have in common. One thread at a time. */
final class ReportQueryReader {
    private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private final String report;
    private Optional<Instant> starting = Optional.empty();
    private Optional<Instant> ending = Optional.empty();
    private BucketWidth width = BucketWidth.DAY;
    private Optional<String> limit = Optional.empty();
    private Optional<String> page = Optional.empty();
    private final Set<Dimension> by = EnumSet.noneOf(Dimension.class);
    private final Map<Dimension, Set<String>> only = new EnumMap<>(Dimension.class);

    /** @param report its name, so that no page of another report is read */
    ReportQueryReader(String report) {
        this.report = report;
    }

    boolean read(String name, String value) throws InvalidValueException {
        switch (name) {
            case "starting_at" -> starting = Optional.of(time(name, value));
            case "ending_at" -> ending = Optional.of(time(name, value));
            case "limit" -> limit = Optional.of(value);
            case "page" -> page = value.isEmpty() ? Optional.empty() : Optional.of(value);
            case "beta" -> {
                // The SDKs' beta form of a request: it has the same shape.
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    void width(BucketWidth found) {
        width = found;
    }

    void groupBy(Set<Dimension> dimensions) {
        by.addAll(dimensions);
    }

    void only(String parameter, Dimension dimension, String name) throws InvalidValueException {
        var names = only.computeIfAbsent(dimension, none -> new HashSet<>());
        names.add(name);
        if (names.size() > QueryPairs.MOST_ENTRIES) {
            throw new InvalidValueException(parameter + ": has more than " + QueryPairs.MOST_ENTRIES + " entries");
        }
    }

    ReportQuery query() throws InvalidValueException {
        var from = floor(starting.orElseThrow(() -> new InvalidValueException("starting_at: is required")));
        if (ending.isPresent() && !ending.get().isAfter(starting.get())) {
            throw new InvalidValueException("ending_at: must be later than starting_at");
        }
        int buckets = limit.isPresent() ? QueryPairs.number("limit", limit.get(), width.most()) : width.usual();
        String identity = ReportQuery.identity(report, from, ending, width, by, only);
        Optional<ReportQuery.Position> after = Optional.empty();
        if (page.isPresent()) {
            var position = ReportQuery.Position.of(identity, page.get());
            if (position.bucket().isBefore(from) || !floor(position.bucket()).equals(position.bucket())) {
                throw new InvalidValueException("page: must be next_page of an earlier response to the same query");
            }
            after = Optional.of(position);
        }
        return new ReportQuery(from, ending, width, buckets, after, new ReportQuery.Grouping(by, only), identity);
    }

    private Instant floor(Instant time) {
        return floor(time, width.length());
    }

    /** The beginning of the bucket of this time: buckets are multiples of their length since 1970, in UTC. */
    static Instant floor(Instant time, Duration length) {
        long seconds = length.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
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

    /**
     * The length of a bucket, with the number of buckets of a page (page "Get Messages Usage Report" of Anthropic's API).
     */
    enum BucketWidth {
        MINUTE("1m", Duration.ofMinutes(1), 60, 1440),
        HOUR("1h", Duration.ofHours(1), 24, 168),
        DAY("1d", Duration.ofDays(1), 7, 31);

        private final String word;
        private final Duration length;
        private final int usual;
        private final int most;

        BucketWidth(String word, Duration length, int usual, int most) {
            this.word = word;
            this.length = length;
            this.usual = usual;
            this.most = most;
        }

        static Optional<BucketWidth> named(String word) {
            return Arrays.stream(values())
                    .filter(each -> each.word.equals(word))
                    .findFirst();
        }

        String word() {
            return word;
        }

        Duration length() {
            return length;
        }

        int usual() {
            return usual;
        }

        int most() {
            return most;
        }
    }
}
