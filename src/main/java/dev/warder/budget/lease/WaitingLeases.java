package dev.warder.budget.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Other runs that wait for more of a period. Immutable.
 *
 * @param exist whether one waits
 * @param first whether one waits longer than this run, or this run does not wait
 */
record WaitingLeases(boolean exist, boolean first) {
    static final WaitingLeases NONE = new WaitingLeases(false, false);

    /** No run that was killed some seconds ago keeps others waiting until its leases are taken from it. */
    private static final String WAITING =
            """
            SELECT budget, starts_at, run, (
                SELECT COUNT(*) FROM warder_lease own
                WHERE own.run = ? AND own.budget = other.budget AND own.starts_at = other.starts_at AND own.wanted > 0
                    AND (own.wanted_since < other.wanted_since
                        OR own.wanted_since = other.wanted_since AND own.run < other.run))
            FROM warder_lease other
            WHERE run <> ? AND state = 'live' AND wanted > 0
                AND NOT EXISTS (
                    SELECT 1 FROM warder_budget_node node
                    WHERE node.run = other.run AND node.seen_at < CURRENT_TIMESTAMP - INTERVAL '10' SECOND)
                AND budget IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private WaitingLeases and(boolean earlier) {
        return new WaitingLeases(true, first || earlier);
    }

    /** Which other runs wait, for the periods for which one does. */
    static Map<PeriodKey, WaitingLeases> of(Connection connection, UUID run, Collection<PeriodKey> keys)
            throws SQLException {
        var others = new HashMap<PeriodKey, WaitingLeases>();
        for (var budgets : BudgetNames.of(keys)) {
            try (var select = Statements.limited(connection.prepareStatement(WAITING))) {
                select.setString(1, run.toString());
                select.setString(2, run.toString());
                budgets.set(select, 3);
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        boolean earlier = rows.getInt(4) == 0;
                        others.compute(Keys.read(rows, 1), (key, known) -> (known == null ? WaitingLeases.NONE : known)
                                .and(earlier));
                    }
                }
            }
        }
        return others;
    }
}
