package dev.warder.budget.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which thresholds of a period were reported: rows of {@code warder_budget_adjustment} with an amount of 0. The caller owns the
 * transaction.
 */
final class ThresholdTable {
    private static final String REASONS =
            """
            SELECT reason FROM warder_budget_adjustment WHERE budget = ? AND starts_at = ? AND reason LIKE 'reached %'
            """;

    private ThresholdTable() {}

    /**
     * Notes that a threshold is reported, unless it is noted already, or a higher one. The lock of the period makes other nodes
     * wait that do the same.
     */
    static boolean note(Connection connection, PeriodKey key, ThresholdNote note) throws SQLException {
        PeriodTable.lock(connection, List.of(key));
        if (reasons(connection, key).stream().anyMatch(note::isCoveredBy)) {
            return false;
        }
        ChargeTable.adjust(connection, key, note.reason(), 0);
        return true;
    }

    private static List<String> reasons(Connection connection, PeriodKey key) throws SQLException {
        var reasons = new ArrayList<String>();
        try (var select = Statements.limited(connection.prepareStatement(REASONS))) {
            Keys.set(select, 1, key);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    reasons.add(rows.getString(1));
                }
            }
        }
        return reasons;
    }
}
