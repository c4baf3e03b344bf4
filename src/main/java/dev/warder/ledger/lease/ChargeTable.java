package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The statements on {@code warder_charge} and {@code warder_budget_adjustment}. The caller owns the transaction, and has locked
 * the rows of the periods.
 */
final class ChargeTable {
    private static final String INSERT =
            """
            INSERT INTO warder_charge (try_id, part, budget, starts_at, nanos, run) VALUES (?, ?, ?, ?, ?, ?)
            """;

    private static final String SUM =
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

    private ChargeTable() {}

    static void insert(Connection connection, List<Charge> charges) throws SQLException {
        try (var insert = Statements.limited(connection.prepareStatement(INSERT))) {
            for (var charge : charges) {
                insert.setString(1, charge.tryId().toString());
                insert.setInt(2, charge.part());
                Keys.set(insert, 3, charge.period());
                insert.setLong(5, charge.nanos());
                insert.setString(6, charge.run().toString());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static long sum(Connection connection, PeriodKey key) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(SUM))) {
            Keys.set(select, 1, key);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getBigDecimal(1).longValueExact() : 0;
            }
        }
    }

    static void adjust(Connection connection, PeriodKey key, String reason, long nanos) throws SQLException {
        try (var update = Statements.limited(connection.prepareStatement(ADJUST))) {
            update.setLong(1, nanos);
            Keys.set(update, 2, key);
            update.setString(4, reason);
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        try (var insert = Statements.limited(connection.prepareStatement(INSERT_ADJUSTMENT))) {
            Keys.set(insert, 1, key);
            insert.setString(3, reason);
            insert.setLong(4, nanos);
            insert.executeUpdate();
        }
    }
}
