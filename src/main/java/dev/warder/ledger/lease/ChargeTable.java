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
        Statements.batch(connection, INSERT, charges, each ->
                new Object[] {each.tryId(), each.part(), each.period().columns(), each.nanos(), each.run()});
    }

    static long sum(Connection connection, PeriodKey key) throws SQLException {
        return Statements.first(connection, SUM, row -> row.getBigDecimal(1).longValueExact(), key.columns())
                .orElse(0L);
    }

    static void adjust(Connection connection, PeriodKey key, String reason, long nanos) throws SQLException {
        if (Statements.update(connection, ADJUST, nanos, key.columns(), reason) == 0) {
            Statements.update(connection, INSERT_ADJUSTMENT, key.columns(), reason, nanos);
        }
    }
}
