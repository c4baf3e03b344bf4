package dev.warder.ledger;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.Statements;
import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.LedgerReport.Usage;
import dev.warder.ledger.store.LedgerRow;
import dev.warder.ledger.store.Rollup;
import dev.warder.usage.UsageRow;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The statements that write {@code warder_ledger}, and read it in order, and that write {@code warder_usage} and {@code
 * warder_class_usage}: sums of rows by minute and by hour, so that a report of a month reads few rows. They are added to in the transaction that inserts the rows, so that each
 * row counts once. The caller owns the transaction.
 *
 * <p>Each node has sums of its own, so that nodes do not wait for each other. The model is the one that responded: a client could
 * make up millions of others. Rows without a class are in no sum of a class, so that they cost nothing there.
 *
 * @param node the name of the node that writes
 */
public record LedgerTable(String node) {
    private static final int IDS = 50;
    private static final int BATCH = 500;

    private static final String EXISTING = "SELECT try_id, part FROM warder_ledger WHERE try_id IN (<ids>)";

    /** In one order on all nodes: two that delete the same rows do not block each other. */
    private static final String OLD =
            """
            SELECT try_id, part FROM warder_ledger WHERE ended_at < ? ORDER BY ended_at, try_id, part
            FETCH FIRST 1000 ROWS ONLY
            """;

    /** By the primary key, row by row: H2 would look at the whole table for each row of a statement with a subquery. */
    private static final String DELETE = "DELETE FROM warder_ledger WHERE try_id = :tryId AND part = :part";

    private static final String UNKNOWN =
            """
            SELECT try_id, COALESCE(node, '') AS node, COALESCE(client, '') AS client, ended_at FROM warder_ledger
            WHERE try_id IN (<ids>) AND basis = 'unknown'
            ORDER BY try_id
            """;

    private static final String DELETE_UNKNOWN = "DELETE FROM warder_ledger WHERE try_id = ? AND basis = 'unknown'";

    /** The update of a sum and its insert have the same parameters. */
    private static final String ADD =
            """
             SET row_count = row_count + ?, input_tokens = input_tokens + ?, write_5m_tokens = write_5m_tokens + ?,
                write_1h_tokens = write_1h_tokens + ?, read_tokens = read_tokens + ?, output_tokens = output_tokens + ?,
                billed_nanos = billed_nanos + ?, own_nanos = own_nanos + ?, last_at = GREATEST(last_at, ?)
            WHERE step = ? AND starts_at = ? AND node = ? AND client = ?
            """;

    private static final String MAKE =
            """
             (row_count, input_tokens, write_5m_tokens, write_1h_tokens, read_tokens, output_tokens,
                billed_nanos, own_nanos, last_at, step, starts_at, node, client
            """;

    private static final String MADE = ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String ADD_MODEL = "UPDATE warder_usage" + ADD + "AND model = ?";
    private static final String MAKE_MODEL = "INSERT INTO warder_usage" + MAKE + ", model" + MADE;
    private static final String ADD_CLASS = "UPDATE warder_class_usage" + ADD + "AND request_class = ?";
    private static final String MAKE_CLASS = "INSERT INTO warder_class_usage" + MAKE + ", request_class" + MADE;

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
            .thenComparing(Key::name);

    /**
     * The statements that have all columns, whose many classes are not loaded before the first row comes. No statement is made
     * of any other text than the names of these constants.
     */
    private static final class Columns {
        static final String INSERT = String.join(
                "",
                "INSERT INTO warder_ledger (",
                Column.titles(", "),
                ", node) VALUES (",
                "?, ".repeat(Column.ALL.size()),
                "?)");

        static final String SELECT = String.join(
                "",
                "SELECT ",
                Column.titles(", "),
                """
                 FROM warder_ledger
                WHERE (ended_at, try_id, part) > (?, ?, ?) AND ended_at < ?
                ORDER BY ended_at, try_id, part
                FETCH FIRST 200 ROWS ONLY
                """);
    }

    /** Identifies a sum of a model or a class; names are empty where there is none. */
    private record Key(Rollup.Slot slot, String client, String name) {}

    /** A sum of rows, of which the last one ended then. */
    private record Sum(Key key, Usage usage, Instant last) {
        private Sum plus(Sum other) {
            return new Sum(key, usage.plus(other.usage), last.isAfter(other.last) ? last : other.last);
        }
    }

    private record Unknown(UUID tryId, String node, String client, Instant endedAt) {}

    Set<UsageRow.Key> existing(Handle handle, Set<UsageRow.Key> keys) {
        var ids = keys.stream().map(UsageRow.Key::tryId).distinct().toList();
        return Set.copyOf(withIds(handle, EXISTING, ids, UsageRow.Key.class));
    }

    private static <T> List<T> withIds(Handle handle, String sql, List<UUID> ids, Class<T> type) {
        return Statements.parts(ids, IDS).stream()
                .flatMap(part ->
                        handle.createQuery(sql).bindList("ids", Statements.filled(part)).mapTo(type).list().stream())
                .toList();
    }

    void insert(Handle handle, List<LedgerRow> rows) throws SQLException {
        batch(handle, Columns.INSERT, rows, this::bind);
        add(handle, ADD_MODEL, MAKE_MODEL, sums(rows, Column.MODEL_ANSWERED));
        var classed = rows.stream()
                .filter(row -> row.get(Column.REQUEST_CLASS) != null)
                .toList();
        add(handle, ADD_CLASS, MAKE_CLASS, sums(classed, Column.REQUEST_CLASS));
    }

    private void add(Handle handle, String add, String make, List<Sum> sums) throws SQLException {
        int[] updated = batch(handle, add, sums, this::bind);
        var missing = IntStream.range(0, updated.length)
                .filter(i -> updated[i] == 0)
                .mapToObj(sums::get)
                .toList();
        batch(handle, make, missing, this::bind);
    }

    /** Sets the parameters of a statement. */
    @FunctionalInterface
    private interface Binding<T> {
        void set(PreparedStatement statement, T row) throws SQLException;
    }

    /** By the driver's own calls: Jdbi takes as long to set the parameters of a sum as H2 to add it. */
    private static <T> int[] batch(Handle handle, String sql, List<T> rows, Binding<T> binding) throws SQLException {
        var changed = IntStream.builder();
        for (var part : Statements.parts(rows, BATCH)) {
            try (var statement = handle.getConnection().prepareStatement(sql)) {
                statement.setQueryTimeout((int) DatabaseSchema.LIMIT.toSeconds());
                for (var row : part) {
                    binding.set(statement, row);
                    statement.addBatch();
                }
                IntStream.of(statement.executeBatch()).forEach(changed);
            }
        }
        return changed.build().toArray();
    }

    private void bind(PreparedStatement insert, LedgerRow row) throws SQLException {
        int at = 1;
        for (var column : Column.ALL) {
            var value = row.get(column) instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : row.get(column);
            insert.setObject(at++, value, column.kind().sqlType());
        }
        insert.setString(at, node);
    }

    private void bind(PreparedStatement statement, Sum sum) throws SQLException {
        var slot = sum.key.slot();
        statement.setLong(1, sum.usage.rows());
        statement.setLong(2, sum.usage.input());
        statement.setLong(3, sum.usage.write5m());
        statement.setLong(4, sum.usage.write1h());
        statement.setLong(5, sum.usage.read());
        statement.setLong(6, sum.usage.output());
        statement.setLong(7, sum.usage.billedNanos());
        statement.setLong(8, sum.usage.ownNanos());
        statement.setObject(9, sum.last.atOffset(ZoneOffset.UTC));
        statement.setString(10, slot.step().word());
        statement.setObject(11, slot.starts().atOffset(ZoneOffset.UTC));
        statement.setString(12, node);
        statement.setString(13, sum.key.client());
        statement.setString(14, sum.key.name());
    }

    List<LedgerRow> page(Handle handle, DatabaseStore.Position after, Instant to) {
        return handle.select(Columns.SELECT, after.ended(), after.tryId(), after.part(), to)
                .map((row, context) -> row(row))
                .list();
    }

    /** Deletes at most 1,000 rows that ended before {@code time}, and returns how many were found. */
    int delete(Handle handle, Instant time) {
        var old = handle.select(OLD, time).mapTo(UsageRow.Key.class).list();
        Statements.batch(handle, DELETE, old);
        return old.size();
    }

    void deleteUnknown(Handle handle, List<UUID> ids) {
        for (var row : withIds(handle, UNKNOWN, ids, Unknown.class)) {
            // An id may be there twice, and another node may have been faster.
            if (handle.execute(DELETE_UNKNOWN, row.tryId) > 0) {
                for (var step : Rollup.Step.values()) {
                    handle.execute(
                            FORGET_USAGE, step.word(), step.slot(row.endedAt).starts(), row.node, row.client);
                }
            }
        }
    }

    private static LedgerRow row(ResultSet rows) throws SQLException {
        var values = new EnumMap<>(Column.class);
        int at = 1;
        for (var column : Column.ALL) {
            var value = value(rows, at++, column.kind());
            if (!rows.wasNull()) {
                values.put(column, value);
            }
        }
        return new LedgerRow(values);
    }

    private static @Nullable Object value(ResultSet rows, int at, Column.Kind kind) throws SQLException {
        return switch (kind) {
            case TEXT -> rows.getString(at);
            case INTEGER -> rows.getLong(at);
            case DECIMAL -> rows.getBigDecimal(at);
            case FLAG -> rows.getBoolean(at);
            case TIME -> {
                var time = rows.getObject(at, OffsetDateTime.class);
                yield time == null ? null : time.toInstant();
            }
        };
    }

    private static List<Sum> sums(List<LedgerRow> rows, Column name) {
        Map<Key, Sum> sums = new TreeMap<>(ORDER);
        for (var row : rows) {
            var ended = row.get(Column.ENDED_AT, Instant.class);
            for (var step : Rollup.Step.values()) {
                var key = new Key(step.slot(ended), row.text(Column.CLIENT), row.text(name));
                sums.merge(key, new Sum(key, usage(row), ended), Sum::plus);
            }
        }
        return List.copyOf(sums.values());
    }

    private static Usage usage(LedgerRow row) {
        long nanos = row.number(Column.COST_NANOS);
        boolean billed = row.get(Column.BILLED, Boolean.class);
        return new Usage(
                1,
                row.number(Column.INPUT_TOKENS),
                row.number(Column.WRITE_5M_TOKENS),
                row.number(Column.WRITE_1H_TOKENS),
                row.number(Column.READ_TOKENS),
                row.number(Column.OUTPUT_TOKENS),
                billed ? nanos : 0,
                billed ? 0 : nanos);
    }
}
