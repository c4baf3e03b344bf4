package dev.warder.ledger;

import dev.warder.database.Statements;
import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.LedgerReport.Usage;
import dev.warder.ledger.store.Rollup;
import dev.warder.usage.UsageRow;
import java.sql.Connection;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The statements that write {@code warder_ledger}, and read it in order, and that write {@code warder_usage}: sums of rows by minute
 * and by hour, so that a report of a month reads few rows. They are added to in the transaction that inserts the rows, so that each
 * row counts once. The caller owns the transaction.
 *
 * <p>Each node has sums of its own, so that nodes do not wait for each other. The model is the one that responded: a client could
 * make up millions of others.
 *
 * @param node the name of the node that writes
 */
public record LedgerTable(String node) {
    private static final int IDS = 50;

    private static final String COLUMNS =
            """
            try_id, part, request_id, admitted_at, ended_at, client, session_id, agent_id,
                dialect, model_asked, model_sent, model_answered, credential, credential_kind, upstream_request_id,
                upstream_status, ended_as, stop_reason, input_tokens, write_5m_tokens, write_1h_tokens, read_tokens,
                output_tokens, thinking_tokens, web_searches, web_fetches, tier, speed, geo, price_version,
                price_assumed, billed, basis, cost_usd, cost_nanos, first_byte_ms, duration_ms, team
            """;
    private static final String TEN = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?";
    private static final String INSERT = "INSERT INTO warder_ledger (" + COLUMNS + ", node) VALUES (" + TEN + ", " + TEN
            + ", " + TEN + ", ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String SELECT = "SELECT " + COLUMNS
            + """
            FROM warder_ledger
            WHERE (ended_at, try_id, part) > (?, ?, ?) AND ended_at < ?
            ORDER BY ended_at, try_id, part
            FETCH FIRST 200 ROWS ONLY
            """;
    private static final String EXISTING = "SELECT try_id, part FROM warder_ledger WHERE try_id IN (" + TEN + ", " + TEN
            + ", " + TEN + ", " + TEN + ", " + TEN + ")";

    /** In one order on all nodes: two that delete the same rows do not block each other. */
    private static final String OLD =
            """
            SELECT try_id, part FROM warder_ledger WHERE ended_at < ? ORDER BY ended_at, try_id, part
            FETCH FIRST 1000 ROWS ONLY
            """;

    /** By the primary key, row by row: H2 would look at the whole table for each row of a statement with a subquery. */
    private static final String DELETE = "DELETE FROM warder_ledger WHERE try_id = ? AND part = ?";

    private static final String UNKNOWN =
            "SELECT node, client, ended_at FROM warder_ledger WHERE try_id = ? AND basis = 'unknown'";

    private static final String DELETE_UNKNOWN = "DELETE FROM warder_ledger WHERE try_id = ? AND basis = 'unknown'";

    private static final String ADD_USAGE =
            """
            UPDATE warder_usage SET row_count = row_count + ?, input_tokens = input_tokens + ?,
                write_5m_tokens = write_5m_tokens + ?, write_1h_tokens = write_1h_tokens + ?,
                read_tokens = read_tokens + ?, output_tokens = output_tokens + ?, billed_nanos = billed_nanos + ?,
                own_nanos = own_nanos + ?, last_at = GREATEST(last_at, ?)
            WHERE step = ? AND starts_at = ? AND node = ? AND client = ? AND model = ?
            """;

    private static final String INSERT_USAGE =
            """
            INSERT INTO warder_usage (row_count, input_tokens, write_5m_tokens, write_1h_tokens, read_tokens,
                output_tokens, billed_nanos, own_nanos, last_at, step, starts_at, node, client, model)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String FORGET_USAGE =
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

    Set<UsageRow.Key> existing(Connection connection, Set<UsageRow.Key> keys) throws SQLException {
        var existing = new HashSet<UsageRow.Key>();
        var ids = keys.stream().map(UsageRow.Key::tryId).distinct().toList();
        for (var part : Statements.parts(ids, IDS)) {
            existing.addAll(Statements.list(connection, EXISTING, LedgerTable::key, Statements.filled(part, IDS)));
        }
        return existing;
    }

    private static UsageRow.Key key(ResultSet row) throws SQLException {
        return new UsageRow.Key(UUID.fromString(row.getString(1)), row.getInt(2));
    }

    void insert(Connection connection, List<UsageRow> rows) throws SQLException {
        Statements.batch(connection, INSERT, rows, this::values);
        addUsage(connection, rows);
    }

    private Object[] values(UsageRow row) {
        var values = new ArrayList<Object>();
        for (var column : Column.values()) {
            var value = column.of(row);
            var none = column.kind() == Column.Kind.INTEGER ? JDBCType.BIGINT : JDBCType.VARCHAR;
            values.add(value == null ? none : value);
        }
        values.add(node);
        return values.toArray();
    }

    List<DatabaseStore.Line> page(Connection connection, DatabaseStore.Position after, Instant to) throws SQLException {
        return Statements.list(connection, SELECT, LedgerTable::line, after.ended(), after.tryId(), after.part(), to);
    }

    /** Deletes at most 1,000 rows that ended before {@code time}, and returns how many were found. */
    int delete(Connection connection, Instant time) throws SQLException {
        var old = Statements.list(connection, OLD, LedgerTable::key, time);
        Statements.batch(connection, DELETE, old, key -> new Object[] {key.tryId(), key.part()});
        return old.size();
    }

    void deleteUnknown(Connection connection, List<UUID> ids) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        try (var select = Statements.limited(connection.prepareStatement(UNKNOWN));
                var delete = Statements.limited(connection.prepareStatement(DELETE_UNKNOWN))) {
            for (var id : ids) {
                select.setString(1, id.toString());
                delete.setString(1, id.toString());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        forget(connection, text(rows, 1), text(rows, 2), Statements.time(rows, 3));
                        delete.executeUpdate();
                    }
                }
            }
        }
    }

    private static String text(ResultSet rows, int at) throws SQLException {
        return Objects.requireNonNullElse(rows.getString(at), "");
    }

    private static DatabaseStore.Line line(ResultSet rows) throws SQLException {
        var values = new ArrayList<@Nullable Object>();
        for (var column : Column.values()) {
            values.add(value(rows, column));
        }
        return new DatabaseStore.Line(values);
    }

    private static @Nullable Object value(ResultSet rows, Column column) throws SQLException {
        int at = column.index() + 1;
        return switch (column.kind()) {
            case TEXT -> rows.getString(at);
            case DECIMAL -> rows.getBigDecimal(at);
            case FLAG -> rows.getBoolean(at);
            case TIME -> Statements.timeOrNull(rows, at);
            case INTEGER -> {
                long number = rows.getLong(at);
                yield rows.wasNull() ? null : (Object) number;
            }
        };
    }

    private void addUsage(Connection connection, List<UsageRow> rows) throws SQLException {
        Map<Key, Sum> sums = new TreeMap<>(ORDER);
        for (var row : rows) {
            var ended = row.ended().truncatedTo(ChronoUnit.MILLIS);
            for (var step : Rollup.Step.values()) {
                var key = new Key(step.slot(ended), text(Column.CLIENT, row), text(Column.MODEL_ANSWERED, row));
                sums.merge(key, new Sum(usage(row), ended), Sum::plus);
            }
        }
        var all = List.copyOf(sums.entrySet());
        int[] updated = Statements.batch(connection, ADD_USAGE, all, this::sums);
        var missing = IntStream.range(0, updated.length)
                .filter(i -> updated[i] == 0)
                .mapToObj(all::get)
                .toList();
        Statements.batch(connection, INSERT_USAGE, missing, this::sums);
    }

    private Object[] sums(Map.Entry<Key, Sum> entry) {
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

    private static void forget(Connection connection, String of, String client, Instant ended) throws SQLException {
        Statements.batch(connection, FORGET_USAGE, List.of(Rollup.Step.values()), step ->
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
