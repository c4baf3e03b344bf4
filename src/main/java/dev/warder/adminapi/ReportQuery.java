package dev.warder.adminapi;

import dev.warder.adminapi.ReportQueryReader.BucketWidth;
import dev.warder.config.InvalidValueException;
import dev.warder.ledger.store.Dimension;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The query of a report by time. Immutable.
 *
 * @param starting the beginning of the first bucket
 * @param ending no bucket ends later; empty for all buckets until now
 * @param limit the most buckets of a page
 * @param after where the page begins; empty for the first page
 * @param identity a text that another query does not have, pages and limits apart
 */
public record ReportQuery(
        Instant starting,
        Optional<Instant> ending,
        BucketWidth width,
        int limit,
        Optional<Position> after,
        Grouping grouping,
        String identity) {
    /**
     * The groups of a bucket.
     *
     * @param by what each bucket is divided by
     * @param only the names that count, in the words of the ledger; all in a dimension that is not there
     */
    public record Grouping(Set<Dimension> by, Map<Dimension, Set<String>> only) {
        public Grouping {
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
            int order = 0;
            for (int i = 0; order == 0 && i < Math.min(one.size(), other.size()); i++) {
                order = one.get(i).compareTo(other.get(i));
            }
            return order == 0 ? Integer.compare(one.size(), other.size()) : order;
        }

        String token(String identity) {
            var fields = new ArrayList<String>();
            fields.add(bucket.toString());
            fields.addAll(names);
            return PageToken.of(identity, fields);
        }

        static Position of(String identity, String token) throws InvalidValueException {
            var fields = PageToken.position(identity, token);
            try {
                var names = fields.subList(1, fields.size());
                if (names.isEmpty() || names.size() == Dimension.values().length) {
                    return new Position(Instant.parse(fields.get(0)), names);
                }
            } catch (DateTimeException malformed) {
                // Refused below, like any other text that is no position.
            }
            throw new InvalidValueException("page: must be next_page of an earlier response to the same query");
        }
    }

    static String identity(
            String report,
            Instant starting,
            Optional<Instant> ending,
            BucketWidth width,
            Set<Dimension> by,
            Map<Dimension, Set<String>> only) {
        var sorted = new TreeMap<Dimension, Set<String>>();
        only.forEach((dimension, names) -> sorted.put(dimension, new TreeSet<>(names)));
        return report + " " + starting + " " + ending + " " + width + " " + new TreeSet<>(by) + " " + sorted;
    }
}
