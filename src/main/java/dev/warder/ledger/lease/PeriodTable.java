package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The statements on {@code warder_budget_period}, and on {@code warder_charge} and {@code warder_budget_adjustment}, before which
 * the rows of the periods must be locked. The caller owns the transaction.
 */
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

    private static final String INSERT_CHARGE =
            """
            INSERT INTO warder_charge (try_id, part, budget, starts_at, nanos, run) VALUES (?, ?, ?, ?, ?, ?)
            """;

    private static final String SUM_CHARGES =
            "SELECT COALESCE(SUM(nanos), 0) FROM warder_charge WHERE budget = ? AND starts_at = ?";

    private static final String ADJUST =
            """
            UPDATE warder_budget_adjustment SET nanos = nanos + ?, made_at = CURRENT_TIMESTAMP
            WHERE budget = ? AND starts_at = ? AND reason = ?
            """;

    private static final String INSERT_ADJUSTMENT =
            """
            INSERT INTO warder_budget_adjustment (budget, starts_at, reason, nanos, made_at)
            VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP)
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
            var row = Statements.first(connection, LOCK, found -> row(key, found), key.columns());
            if (row.isPresent()) {
                return row.get();
            }
            insert(connection, key);
        }
        throw new SQLException("a period is deleted again and again", "40001");
    }

    /** Waits for another transaction that makes the same row; after that its row counts. */
    private static void insert(Connection connection, PeriodKey key) throws SQLException {
        var before = connection.setSavepoint();
        try {
            Statements.update(connection, INSERT, key.columns());
        } catch (SQLException failed) {
            if (!Objects.requireNonNullElse(failed.getSQLState(), "").startsWith("23")) {
                throw failed;
            }
            connection.rollback(before);
        }
    }

    /** The key in two columns, of which the first is at {@code at}. */
    static PeriodKey key(ResultSet row, int at) throws SQLException {
        return new PeriodKey(row.getString(at), Statements.time(row, at + 1));
    }

    private static PeriodRow row(PeriodKey key, ResultSet row) throws SQLException {
        var end = Optional.ofNullable(Statements.timeOrNull(row, 1));
        var terms = new LeaseRequest.Terms(end, row.getLong(2), row.getBoolean(3), row.getLong(4));
        return new PeriodRow(
                key, terms, row.getBoolean(5), row.getLong(6), row.getLong(7), row.getLong(8), row.getLong(9));
    }

    static void update(Connection connection, Collection<PeriodRow> rows) throws SQLException {
        Statements.batch(connection, UPDATE, rows, row -> new Object[] {
            row.terms().end().<Object>map(end -> end).orElse(JDBCType.TIMESTAMP_WITH_TIMEZONE),
            row.terms().cap(),
            row.terms().enforced(),
            row.terms().version(),
            row.opened(),
            row.spent(),
            row.overage(),
            row.unknown(),
            row.leased(),
            row.key().columns()
        });
    }

    static void insertCharges(Connection connection, List<Charge> charges) throws SQLException {
        Statements.batch(connection, INSERT_CHARGE, charges, each ->
                new Object[] {each.tryId(), each.part(), each.period().columns(), each.nanos(), each.run()});
    }

    static long charged(Connection connection, PeriodKey key) throws SQLException {
        return Statements.first(
                        connection, SUM_CHARGES, row -> row.getBigDecimal(1).longValueExact(), key.columns())
                .orElse(0L);
    }

    static void adjust(Connection connection, PeriodKey key, String reason, long nanos) throws SQLException {
        if (Statements.update(connection, ADJUST, nanos, key.columns(), reason) == 0) {
            Statements.update(connection, INSERT_ADJUSTMENT, key.columns(), reason, nanos);
        }
    }
}
