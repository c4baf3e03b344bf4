package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The statements on {@code warder_budget_period}. The caller owns the transaction. */
final class PeriodTable {
    private static final String LOCK =
            """
            SELECT ends_at, cap_target, enforced, policy_version, opened, spent, overage, held_unknown, leased
            FROM warder_budget_period WHERE budget = ? AND starts_at = ? FOR UPDATE
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_budget_period (budget, starts_at, cap_target, enforced, policy_version, opened, spent, overage,
                held_unknown, leased)
            VALUES (?, ?, 0, FALSE, 0, FALSE, 0, 0, 0, 0)
            """;

    private static final String UPDATE =
            """
            UPDATE warder_budget_period SET ends_at = ?, cap_target = ?, enforced = ?, policy_version = ?, opened = ?,
                spent = ?, overage = ?, held_unknown = ?, leased = ?
            WHERE budget = ? AND starts_at = ?
            """;

    private static final int ATTEMPTS = 3;

    private PeriodTable() {}

    /** Locks the rows of these periods, in their order, until the end of the transaction. Missing rows are made. */
    static SortedMap<PeriodKey, PeriodRow> lock(Connection connection, Collection<PeriodKey> keys) throws SQLException {
        var rows = new TreeMap<PeriodKey, PeriodRow>();
        for (var key : new TreeSet<>(keys)) {
            rows.put(key, lock(connection, key));
        }
        return rows;
    }

    private static PeriodRow lock(Connection connection, PeriodKey key) throws SQLException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var row = select(connection, key);
            if (row.isPresent()) {
                return row.get();
            }
            insert(connection, key);
        }
        throw new SQLException("a period is deleted again and again", "40001");
    }

    private static Optional<PeriodRow> select(Connection connection, PeriodKey key) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(LOCK))) {
            Keys.set(select, 1, key);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(row(key, rows)) : Optional.empty();
            }
        }
    }

    /** Waits for another transaction that makes the same row; after that its row counts. */
    private static void insert(Connection connection, PeriodKey key) throws SQLException {
        var before = connection.setSavepoint();
        try (var insert = Statements.limited(connection.prepareStatement(INSERT))) {
            Keys.set(insert, 1, key);
            insert.executeUpdate();
        } catch (SQLException failed) {
            if (!Objects.requireNonNullElse(failed.getSQLState(), "").startsWith("23")) {
                throw failed;
            }
            connection.rollback(before);
        }
    }

    private static PeriodRow row(PeriodKey key, ResultSet rows) throws SQLException {
        return new PeriodRow(
                key,
                Optional.ofNullable(Keys.instant(rows, 1)),
                rows.getLong(2),
                rows.getBoolean(3),
                rows.getLong(4),
                rows.getBoolean(5),
                rows.getLong(6),
                rows.getLong(7),
                rows.getLong(8),
                rows.getLong(9));
    }

    static void update(Connection connection, Collection<PeriodRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (var update = Statements.limited(connection.prepareStatement(UPDATE))) {
            for (var row : rows) {
                if (row.end().isPresent()) {
                    update.setObject(1, Keys.time(row.end().get()));
                } else {
                    update.setNull(1, Types.TIMESTAMP_WITH_TIMEZONE);
                }
                update.setLong(2, row.cap());
                update.setBoolean(3, row.enforced());
                update.setLong(4, row.version());
                update.setBoolean(5, row.opened());
                update.setLong(6, row.spent());
                update.setLong(7, row.overage());
                update.setLong(8, row.unknown());
                update.setLong(9, row.leased());
                Keys.set(update, 10, row.key());
                update.addBatch();
            }
            update.executeBatch();
        }
    }
}
