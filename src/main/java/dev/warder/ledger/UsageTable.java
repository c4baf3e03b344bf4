package dev.warder.ledger;

import dev.warder.database.Statements;
import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.LedgerReport.Usage;
import dev.warder.ledger.store.Rollup;
import dev.warder.usage.UsageRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The statements that write {@code warder_usage}: sums of rows by minute and by hour, so that a report of a month reads few
 * rows. They are added to in the transaction that inserts the rows, so that each row counts once. The caller owns the
 * transaction.
 *
 * <p>Each node has sums of its own, so that nodes do not wait for each other. The model is the one that responded: a client
 * could make up millions of others.
 *
 * @param node the name of this node
 */
public record UsageTable(String node) {
    private static final String ADD =
            """
            UPDATE warder_usage SET row_count = row_count + ?, input_tokens = input_tokens + ?,
                write_5m_tokens = write_5m_tokens + ?, write_1h_tokens = write_1h_tokens + ?,
                read_tokens = read_tokens + ?, output_tokens = output_tokens + ?, billed_nanos = billed_nanos + ?,
                own_nanos = own_nanos + ?, last_at = GREATEST(last_at, ?)
            WHERE step = ? AND starts_at = ? AND node = ? AND client = ? AND model = ?
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_usage (row_count, input_tokens, write_5m_tokens, write_1h_tokens, read_tokens,
                output_tokens, billed_nanos, own_nanos, last_at, step, starts_at, node, client, model)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String FORGET =
            """
            UPDATE warder_usage SET row_count = row_count - 1
            WHERE step = ? AND starts_at = ? AND node = ? AND client = ? AND model = ''
            """;

    /** Two processes whose {@code data.dir} was copied have one name: in one order they do not block each other. */
    private static final Comparator<Key> ORDER = Comparator.comparing(
                    (Key key) -> key.slot().step())
            .thenComparing(key -> key.slot().starts())
            .thenComparing(Key::client)
            .thenComparing(Key::model);

    /** Columns to sum; empty names where there is none. */
    private record Key(Rollup.Slot slot, String client, String model) {}

    private record Sum(Usage usage, Instant last) {
        Sum plus(Sum other) {
            return new Sum(usage.plus(other.usage), last.isAfter(other.last) ? last : other.last);
        }
    }

    void add(Connection connection, List<UsageRow> rows) throws SQLException {
        Map<Key, Sum> sums = new TreeMap<>(ORDER);
        for (var row : rows) {
            var ended = row.ended().truncatedTo(ChronoUnit.MILLIS);
            for (var step : Rollup.Step.values()) {
                var key = new Key(step.slot(ended), text(Column.CLIENT, row), text(Column.MODEL_ANSWERED, row));
                sums.merge(key, new Sum(usage(row), ended), Sum::plus);
            }
        }
        var all = List.copyOf(sums.entrySet());
        int[] updated = Statements.batch(connection, ADD, all, this::values);
        var missing = IntStream.range(0, updated.length)
                .filter(i -> updated[i] == 0)
                .mapToObj(all::get)
                .toList();
        Statements.batch(connection, INSERT, missing, this::values);
    }

    private Object[] values(Map.Entry<Key, Sum> entry) {
        var key = entry.getKey();
        var usage = entry.getValue().usage();
        return new Object[] {
            usage.rows(),
            usage.input(),
            usage.write5m(),
            usage.write1h(),
            usage.read(),
            usage.output(),
            usage.billedNanos(),
            usage.ownNanos(),
            entry.getValue().last(),
            key.slot().step().word(),
            key.slot().starts(),
            node,
            key.client(),
            key.model()
        };
    }

    static void forget(Connection connection, String of, String client, Instant ended) throws SQLException {
        Statements.batch(connection, FORGET, List.of(Rollup.Step.values()), step ->
                new Object[] {step.word(), step.slot(ended).starts(), of, client});
    }

    private static Usage usage(UsageRow row) {
        var counts = row.consumption().counts();
        long nanos = row.cost().nanos();
        boolean billed = row.cost().billed();
        return new Usage(
                1,
                counts.input(),
                counts.writes().fiveMinutes(),
                counts.writes().oneHour(),
                counts.read(),
                counts.output(),
                billed ? nanos : 0,
                billed ? 0 : nanos);
    }

    private static String text(Column column, UsageRow row) {
        return Objects.requireNonNullElse((String) column.of(row), "");
    }
}
