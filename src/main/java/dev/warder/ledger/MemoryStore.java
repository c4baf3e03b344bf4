package dev.warder.ledger;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.usage.UsageRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The last rows, in memory, in the order of their ends. Lines are made when they are read, since each request stores a row and
 * few are ever read. Thread-safe.
 */
final class MemoryStore implements LedgerStore {
    /** The most rows that are kept. */
    static final int ROWS = 10_000;

    /** Ids are UUIDv7, whose order as numbers and as texts is the same. */
    private static final Comparator<UsageRow> ORDER = Comparator.comparing(MemoryStore::ended)
            .thenComparing(row -> row.key().tryId())
            .thenComparingInt(row -> row.key().part());

    private static final Comparator<Position> POSITIONS =
            Comparator.comparing(Position::ended).thenComparing(Position::tryId).thenComparing(Position::part);

    @GuardedBy("this")
    private final NavigableSet<UsageRow> rows = new TreeSet<>(ORDER);

    @Override
    public synchronized int store(List<Intent.Settled> settled) {
        settled.forEach(each -> rows.addAll(each.rows()));
        while (rows.size() > ROWS) {
            rows.pollFirst();
        }
        return 0;
    }

    @Override
    public synchronized List<Line> page(Position after, Instant to) {
        return rows.stream()
                .dropWhile(row -> POSITIONS.compare(position(row), after) <= 0)
                .takeWhile(row -> ended(row).isBefore(to))
                .limit(LedgerTable.LINES)
                .map(MemoryStore::line)
                .toList();
    }

    private static Instant ended(UsageRow row) {
        return row.ended().truncatedTo(ChronoUnit.MILLIS);
    }

    private static Position position(UsageRow row) {
        return new Position(ended(row), row.key().tryId().toString(), row.key().part());
    }

    private static Line line(UsageRow row) {
        var values = new ArrayList<@Nullable Object>();
        for (var column : Column.values()) {
            var value = column.of(row);
            values.add(value instanceof Instant time ? time.truncatedTo(ChronoUnit.MILLIS) : value);
        }
        return new Line(values);
    }
}
