package dev.warder.ledger;

import dev.warder.database.Statements;
import dev.warder.ledger.store.Column;
import dev.warder.usage.UsageRow;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The statements on {@code warder_ledger}. The caller owns the transaction.
 *
 * @param node the name of the node that writes
 */
public record LedgerTable(String node) {
    private static final int IDS = 50;

    static final String INSERT =
            """
            INSERT INTO warder_ledger (try_id, part, request_id, admitted_at, ended_at, client, session_id, agent_id,
                dialect, model_asked, model_sent, model_answered, credential, credential_kind, upstream_request_id,
                upstream_status, ended_as, stop_reason, input_tokens, write_5m_tokens, write_1h_tokens, read_tokens,
                output_tokens, thinking_tokens, web_searches, web_fetches, tier, speed, geo, price_version,
                price_assumed, billed, basis, cost_usd, cost_nanos, first_byte_ms, duration_ms, team, node)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                ?, ?, ?, ?)
            """;

    static final String SELECT =
            """
            SELECT try_id, part, request_id, admitted_at, ended_at, client, session_id, agent_id,
                dialect, model_asked, model_sent, model_answered, credential, credential_kind, upstream_request_id,
                upstream_status, ended_as, stop_reason, input_tokens, write_5m_tokens, write_1h_tokens, read_tokens,
                output_tokens, thinking_tokens, web_searches, web_fetches, tier, speed, geo, price_version,
                price_assumed, billed, basis, cost_usd, cost_nanos, first_byte_ms, duration_ms, team
            FROM warder_ledger
            WHERE (ended_at, try_id, part) > (?, ?, ?) AND ended_at < ?
            ORDER BY ended_at, try_id, part
            FETCH FIRST 200 ROWS ONLY
            """;

    private static final String TEN = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

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

    Set<UsageRow.Key> existing(Connection connection, Set<UsageRow.Key> keys) throws SQLException {
        var existing = new HashSet<UsageRow.Key>();
        var ids = keys.stream().map(UsageRow.Key::tryId).distinct().toList();
        for (int from = 0; from < ids.size(); from += IDS) {
            existing.addAll(existing(connection, ids.subList(from, Math.min(ids.size(), from + IDS))));
        }
        return existing;
    }

    /** Of 1 to {@link #IDS} ids. */
    private static Set<UsageRow.Key> existing(Connection connection, List<UUID> ids) throws SQLException {
        var found = new HashSet<UsageRow.Key>();
        try (var select = Statements.limited(connection.prepareStatement(EXISTING))) {
            for (int i = 0; i < IDS; i++) {
                // A place that is not needed repeats the last id.
                select.setString(i + 1, ids.get(Math.min(i, ids.size() - 1)).toString());
            }
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new UsageRow.Key(UUID.fromString(rows.getString(1)), rows.getInt(2)));
                }
            }
        }
        return found;
    }

    void insert(Connection connection, List<UsageRow> rows) throws SQLException {
        try (var insert = Statements.limited(connection.prepareStatement(INSERT))) {
            for (var row : rows) {
                for (var column : Column.values()) {
                    set(insert, column, column.of(row));
                }
                insert.setString(Column.values().length + 1, node);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        new UsageTable(node).add(connection, rows);
    }

    List<DatabaseStore.Line> page(Connection connection, DatabaseStore.Position after, Instant to) throws SQLException {
        var lines = new ArrayList<DatabaseStore.Line>();
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
            select.setObject(1, at(after.ended()));
            select.setString(2, after.tryId());
            select.setLong(3, after.part());
            select.setObject(4, at(to));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    lines.add(line(rows));
                }
            }
        }
        return lines;
    }

    /** Deletes at most 1,000 rows that ended before {@code time}, and returns how many were found. */
    int delete(Connection connection, Instant time) throws SQLException {
        int found = 0;
        try (var old = Statements.limited(connection.prepareStatement(OLD));
                var delete = Statements.limited(connection.prepareStatement(DELETE))) {
            old.setObject(1, at(time));
            try (var rows = old.executeQuery()) {
                while (rows.next()) {
                    delete.setString(1, rows.getString(1));
                    delete.setInt(2, rows.getInt(2));
                    delete.addBatch();
                    found++;
                }
            }
            if (found > 0) {
                delete.executeBatch();
            }
        }
        return found;
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
                        UsageTable.forget(connection, text(rows, 1), text(rows, 2), time(rows, 3));
                        delete.executeUpdate();
                    }
                }
            }
        }
    }

    private static String text(ResultSet rows, int at) throws SQLException {
        return Objects.requireNonNullElse(rows.getString(at), "");
    }

    private static Instant time(ResultSet rows, int at) throws SQLException {
        return rows.getObject(at, OffsetDateTime.class).toInstant();
    }

    static OffsetDateTime at(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
    }

    private static void set(PreparedStatement insert, Column column, @Nullable Object value) throws SQLException {
        int at = column.index() + 1;
        switch (column.kind()) {
            case TEXT -> insert.setString(at, (String) value);
            case DECIMAL -> insert.setBigDecimal(at, (BigDecimal) value);
            case FLAG -> insert.setBoolean(at, Boolean.TRUE.equals(value));
            case TIME -> insert.setObject(at, value == null ? null : at((Instant) value));
            case INTEGER -> {
                if (value == null) {
                    insert.setNull(at, Types.BIGINT);
                } else {
                    insert.setLong(at, (Long) value);
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
            case TIME -> {
                var time = rows.getObject(at, OffsetDateTime.class);
                yield time == null ? null : time.toInstant();
            }
            case INTEGER -> {
                long number = rows.getLong(at);
                yield rows.wasNull() ? null : (Object) number;
            }
        };
    }
}
