package dev.warder.budget.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which thresholds of a period were reported: rows of {@code warder_budget_adjustment} with an amount of 0, whose reason is
 * {@code reached PERCENT AMOUNT}. The amount of the budget is part of it, since a budget that was raised reaches its thresholds
 * again. The caller owns the transaction.
 */
final class ThresholdTable {
    private static final String REACHED = "reached ";

    private static final String REASONS =
            """
            SELECT reason FROM warder_budget_adjustment WHERE budget = ? AND starts_at = ? AND reason LIKE 'reached %'
            """;

    private ThresholdTable() {}

    /**
     * Notes that a threshold is reported, unless it is noted already, or a higher one of the same amount. The lock of the
     * period makes other nodes wait that do the same.
     */
    static boolean note(Connection connection, PeriodKey key, int percent, long cap) throws SQLException {
        PeriodTable.lock(connection, List.of(key));
        for (var reason : reasons(connection, key)) {
            var noted = percent(reason, cap);
            if (noted.isPresent() && noted.getAsInt() >= percent) {
                return false;
            }
        }
        ChargeTable.adjust(connection, key, REACHED + percent + " " + cap, 0);
        return true;
    }

    /** Empty if the reason is about another amount. */
    private static OptionalInt percent(String reason, long cap) {
        String end = " " + cap;
        return reason.endsWith(end)
                ? OptionalInt.of(Integer.parseInt(reason, REACHED.length(), reason.length() - end.length(), 10))
                : OptionalInt.empty();
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
