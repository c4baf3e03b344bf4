package dev.warder.ledger;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.usage.UsageRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The last rows, in memory, in the order of their ends. Thread-safe. */
final class MemoryStore implements LedgerStore {
    /** The most rows that are kept. */
    static final int ROWS = 10_000;

    private static final Comparator<Position> ORDER =
            Comparator.comparing(Position::ended).thenComparing(Position::tryId).thenComparing(Position::part);

    @GuardedBy("this")
    private final NavigableMap<Position, Line> lines = new TreeMap<>(ORDER);

    @Override
    public synchronized int store(List<Intent.Settled> settled) {
        for (var each : settled) {
            for (var row : each.rows()) {
                var line = line(row);
                lines.putIfAbsent(Position.after(line), line);
            }
        }
        while (lines.size() > ROWS) {
            lines.pollFirstEntry();
        }
        return 0;
    }

    @Override
    public synchronized List<Line> page(Position after, Instant to) {
        return lines.subMap(after, false, Position.before(max(to, after.ended())), false).values().stream()
                .limit(LedgerTable.LINES)
                .toList();
    }

    private static Instant max(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
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
