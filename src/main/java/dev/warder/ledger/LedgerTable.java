package dev.warder.ledger;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.Statements;
import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.LedgerReport.Usage;
import dev.warder.ledger.store.Rollup;
import dev.warder.usage.UsageRow;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
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

    private static final String COLUMNS =
            """
            try_id, part, request_id, admitted_at, ended_at, client, session_id, agent_id,
                dialect, model_asked, model_sent, model_answered, credential, credential_kind, upstream_request_id,
                upstream_status, ended_as, stop_reason, input_tokens, write_5m_tokens, write_1h_tokens, read_tokens,
                output_tokens, thinking_tokens, web_searches, web_fetches, tier, speed, geo, price_version,
                price_assumed, billed, basis, cost_usd, cost_nanos, first_byte_ms, duration_ms, team, request_class,
                agent_type, prompt_id
            """;
    private static final String TEN = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?";
    private static final String INSERT = "INSERT INTO warder_ledger (" + COLUMNS + ", node) VALUES (" + TEN + ", " + TEN
            + ", " + TEN + ", " + TEN + ", ?, ?)";
    private static final String SELECT = "SELECT " + COLUMNS
            + """
            FROM warder_ledger
            WHERE (ended_at, try_id, part) > (?, ?, ?) AND ended_at < ?
            ORDER BY ended_at, try_id, part
            FETCH FIRST 200 ROWS ONLY
            """;
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

    private static final String ADDED =
            """
            SET row_count = row_count + :usage.rows, input_tokens = input_tokens + :usage.input,
                write_5m_tokens = write_5m_tokens + :usage.write5m, write_1h_tokens = write_1h_tokens + :usage.write1h,
                read_tokens = read_tokens + :usage.read, output_tokens = output_tokens + :usage.output,
                billed_nanos = billed_nanos + :usage.billedNanos, own_nanos = own_nanos + :usage.ownNanos,
                last_at = GREATEST(last_at, :last)
            WHERE step = :key.slot.step.word AND starts_at = :key.slot.starts AND node = :node AND client = :key.client
            """;

    private static final String INSERTED =
            """
            , row_count, input_tokens, write_5m_tokens, write_1h_tokens, read_tokens,
                output_tokens, billed_nanos, own_nanos, last_at, step, starts_at, node, client)
            VALUES (:key.name, :usage.rows, :usage.input, :usage.write5m, :usage.write1h, :usage.read, :usage.output,
                :usage.billedNanos, :usage.ownNanos, :last, :key.slot.step.word, :key.slot.starts, :node, :key.client)
            """;

    private static final String ADD_MODEL = "UPDATE warder_usage " + ADDED + "AND model = :key.name";
    private static final String INSERT_MODEL = "INSERT INTO warder_usage (model" + INSERTED;
    private static final String ADD_CLASS = "UPDATE warder_class_usage " + ADDED + "AND request_class = :key.name";
    private static final String INSERT_CLASS = "INSERT INTO warder_class_usage (request_class" + INSERTED;

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

    /** Identifies a sum of a model or a class; names are empty where there is none. */
    public record Key(Rollup.Slot slot, String client, String name) {}

    /** A sum of rows, of which the last one ended then. */
    public record Sum(Key key, Usage usage, Instant last) {
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

    /** By the driver's own calls: there are many rows of many columns. */
    void insert(Handle handle, List<UsageRow> rows) throws SQLException {
        for (var part : Statements.parts(rows, BATCH)) {
            try (var insert = handle.getConnection().prepareStatement(INSERT)) {
                insert.setQueryTimeout((int) DatabaseSchema.LIMIT.toSeconds());
                for (var row : part) {
                    add(insert, row);
                }
                insert.executeBatch();
            }
        }
        var shared = Map.of("node", node);
        Statements.merge(handle, ADD_MODEL, INSERT_MODEL, sums(rows, Column.MODEL_ANSWERED), shared);
        var classed = rows.stream()
                .filter(row -> row.caller().hints().requestClass().isPresent())
                .toList();
        Statements.merge(handle, ADD_CLASS, INSERT_CLASS, sums(classed, Column.REQUEST_CLASS), shared);
    }

    private void add(PreparedStatement insert, UsageRow row) throws SQLException {
        for (var column : Column.values()) {
            int at = column.index() + 1;
            var value = column.of(row);
            if (value == null) {
                insert.setNull(at, column.kind() == Column.Kind.INTEGER ? Types.BIGINT : Types.VARCHAR);
            } else {
                insert.setObject(at, value instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : value);
            }
        }
        insert.setString(Column.values().length + 1, node);
        insert.addBatch();
    }

    List<DatabaseStore.Line> page(Handle handle, DatabaseStore.Position after, Instant to) {
        return handle.select(SELECT, after.ended(), after.tryId(), after.part(), to)
                .map((row, context) -> line(row))
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
            case TIME -> rows.getObject(at, OffsetDateTime.class).toInstant();
            case INTEGER -> {
                long number = rows.getLong(at);
                yield rows.wasNull() ? null : (Object) number;
            }
        };
    }

    private static Collection<Sum> sums(List<UsageRow> rows, Column name) {
        Map<Key, Sum> sums = new TreeMap<>(ORDER);
        for (var row : rows) {
            var ended = row.ended().truncatedTo(ChronoUnit.MILLIS);
            for (var step : Rollup.Step.values()) {
                var key = new Key(step.slot(ended), text(Column.CLIENT, row), text(name, row));
                sums.merge(key, new Sum(key, usage(row), ended), Sum::plus);
            }
        }
        return sums.values();
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
