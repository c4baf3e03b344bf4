package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** The ledger and the tables of budgets, as the nodes have written them. One thread at a time. */
final class BudgetTables {
    /** A row for each row of the ledger that was charged to a period, with the window of the period. */
    private static final String CHARGED =
            """
            (warder_charge JOIN warder_ledger USING (try_id, part)) JOIN warder_budget_period USING (budget, starts_at)
            """;

    /**
     * A row for each period: what it began with, and the least and the most that it may begin with. The most are the costs of
     * its window that are not charged to it. The least is what of these was seen before the first request was admitted that
     * is charged to it.
     */
    private static final String OPENINGS =
            """
            (SELECT p.budget, p.starts_at,
                (SELECT COALESCE(SUM(nanos), 0) FROM warder_budget_adjustment a
                    WHERE a.budget = p.budget AND a.starts_at = p.starts_at) AS opening,
                SUM(l.cost_nanos) FILTER (WHERE c.nanos IS NULL) AS most,
                SUM(l.cost_nanos) FILTER (WHERE c.nanos IS NULL AND s.seen_at < charged.admitted_at) AS least
            FROM warder_budget_period p
            LEFT JOIN (SELECT budget, starts_at, MIN(admitted_at) AS admitted_at
                FROM warder_charge JOIN warder_ledger USING (try_id, part)
                GROUP BY budget, starts_at) charged ON charged.budget = p.budget AND charged.starts_at = p.starts_at
            LEFT JOIN warder_ledger l ON l.billed AND l.admitted_at >= p.starts_at
                AND (p.ends_at IS NULL OR l.admitted_at < p.ends_at)
            LEFT JOIN warder_charge c ON c.try_id = l.try_id AND c.part = l.part
                AND c.budget = p.budget AND c.starts_at = p.starts_at
            LEFT JOIN seen s ON s.try_id = l.try_id AND s.part = l.part
            GROUP BY p.budget, p.starts_at) openings
            """;

    private final Connection connection;

    /** @param connection has a table of its own in the database, for what was seen */
    BudgetTables(Connection connection) throws SQLException {
        this.connection = connection;
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE seen (try_id VARCHAR(36), part INTEGER, seen_at TIMESTAMP WITH TIME ZONE,"
                    + " PRIMARY KEY (try_id, part))");
        }
    }

    /** Notes which rows the ledger has now: a budget that is added later in its period has to count them. */
    void see() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("INSERT INTO seen SELECT try_id, part, clock_timestamp() FROM warder_ledger"
                    + " ON CONFLICT DO NOTHING");
        }
    }

    /** The number that a query selects. */
    long number(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** How many rows there are; {@code from} is what follows the word FROM. */
    long count(String from) throws SQLException {
        return number("SELECT COUNT(*) FROM " + from);
    }

    /** The sessions of all requests in the ledger. */
    Set<String> sessions() throws SQLException {
        var sessions = new HashSet<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT session_id FROM warder_ledger")) {
            while (rows.next()) {
                sessions.add(rows.getString(1));
            }
        }
        return sessions;
    }

    /** How many requests have an outcome that no node knows. */
    long unknown() throws SQLException {
        return count("warder_ledger WHERE basis = 'unknown'");
    }

    /** Each request has one row, and a known outcome has a known cost. */
    void checkLedger() throws SQLException {
        assertThat(number("SELECT COUNT(DISTINCT session_id) FROM warder_ledger"))
                .as("each request has one row")
                .isEqualTo(count("warder_ledger"));
        assertThat(count("warder_ledger WHERE basis = 'reported' AND cost_nanos <> " + BudgetClients.COST))
                .isZero();
    }

    /** All nodes have stopped: each cost is charged to one period of each budget, and periods have nothing else. */
    void checkBudgets(long cap) throws SQLException {
        long budgets = number("SELECT COUNT(DISTINCT budget) FROM warder_budget_period");
        long cost = number("SELECT SUM(cost_nanos) FROM warder_ledger WHERE billed");
        long opening = number("SELECT COALESCE(SUM(nanos), 0) FROM warder_budget_adjustment");
        System.out.printf(
                "%d periods of %d budgets, %d of them began with costs: %d nano-dollars; charged were %d to each budget%n",
                count("warder_budget_period"),
                budgets,
                count("warder_budget_adjustment WHERE nanos > 0"),
                opening,
                cost);
        assertThat(number("SELECT SUM(spent + overage) FROM warder_budget_period"))
                .isEqualTo(budgets * cost + opening);
        assertThat(number("SELECT MAX(spent + overage) FROM warder_budget_period"))
                .isLessThanOrEqualTo(cap);
        assertThat(number("SELECT SUM(overage + leased) FROM warder_budget_period"))
                .isZero();
        assertThat(number("SELECT MAX(held_unknown) FROM warder_budget_period")).isBetween(0L, cap / 2);
        assertThat(count("warder_budget_check WHERE leased_differs <> 0 OR unknown_differs <> 0 OR spent_differs <> 0"
                        + " OR out_of_cap > 0"))
                .as("periods whose numbers do not fit together")
                .isZero();
        checkCharges(budgets);
    }

    /** Of killed nodes, no more stays unknown than what their open requests held. */
    void checkUnknown() throws SQLException {
        assertThat(number("SELECT MAX(held_unknown) FROM warder_budget_period"))
                .isLessThanOrEqualTo(unknown() * BudgetClients.MOST_HELD);
    }

    private void checkCharges(long budgets) throws SQLException {
        assertThat(count("(SELECT 1 FROM warder_ledger LEFT JOIN warder_charge USING (try_id, part)"
                        + " WHERE billed AND cost_nanos > 0 GROUP BY try_id, part, cost_nanos"
                        + " HAVING COUNT(DISTINCT budget) <> " + budgets + " OR SUM(nanos) <> cost_nanos * " + budgets
                        + ") differs"))
                .as("rows of the ledger that are not charged once to each budget")
                .isZero();
        assertThat(count(CHARGED + " WHERE admitted_at < starts_at OR admitted_at >= ends_at"))
                .as("charges to a period in which the request was not admitted")
                .isZero();
        assertThat(count(OPENINGS + " WHERE opening < COALESCE(least, 0) OR opening > COALESCE(most, 0)"))
                .as("periods that began with too little or too much")
                .isZero();
    }
}
