package dev.warder.ledger;

import dev.warder.database.Statements;
import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.LedgerReport.Usage;
import dev.warder.ledger.store.Rollup;
import dev.warder.usage.UsageRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

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

    private static final String DELETE = "DELETE FROM warder_usage WHERE step = ? AND starts_at < ?";

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
        var missing = missing(connection, sums);
        if (!missing.isEmpty()) {
            try (var insert = Statements.limited(connection.prepareStatement(INSERT))) {
                for (var key : missing) {
                    set(insert, key, Objects.requireNonNull(sums.get(key)));
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }
    }

    private List<Key> missing(Connection connection, Map<Key, Sum> sums) throws SQLException {
        var keys = List.copyOf(sums.keySet());
        var missing = new ArrayList<Key>();
        try (var update = Statements.limited(connection.prepareStatement(ADD))) {
            for (var key : keys) {
                set(update, key, Objects.requireNonNull(sums.get(key)));
                update.addBatch();
            }
            int[] counts = update.executeBatch();
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] == 0) {
                    missing.add(keys.get(i));
                }
            }
        }
        return missing;
    }

    private void set(PreparedStatement statement, Key key, Sum sum) throws SQLException {
        var usage = sum.usage();
        statement.setLong(1, usage.rows());
        statement.setLong(2, usage.input());
        statement.setLong(3, usage.write5m());
        statement.setLong(4, usage.write1h());
        statement.setLong(5, usage.read());
        statement.setLong(6, usage.output());
        statement.setLong(7, usage.billedNanos());
        statement.setLong(8, usage.ownNanos());
        statement.setObject(9, LedgerTable.at(sum.last()));
        statement.setString(10, key.slot().step().word());
        statement.setObject(11, LedgerTable.at(key.slot().starts()));
        statement.setString(12, node);
        statement.setString(13, key.client());
        statement.setString(14, key.model());
    }

    static void forget(Connection connection, String of, String client, Instant ended) throws SQLException {
        try (var update = Statements.limited(connection.prepareStatement(FORGET))) {
            for (var step : Rollup.Step.values()) {
                update.setString(1, step.word());
                update.setObject(2, LedgerTable.at(step.slot(ended).starts()));
                update.setString(3, of);
                update.setString(4, client);
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    /** Deletes the sums of minutes and of hours that began before these times, of all nodes. */
    void delete(Connection connection, Instant minutes, Instant hours) throws SQLException {
        delete(connection, Rollup.Step.MINUTE, minutes);
        delete(connection, Rollup.Step.HOUR, hours);
    }

    private static void delete(Connection connection, Rollup.Step step, Instant time) throws SQLException {
        try (var delete = Statements.limited(connection.prepareStatement(DELETE))) {
            delete.setString(1, step.word());
            delete.setObject(2, LedgerTable.at(time));
            delete.executeUpdate();
        }
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
