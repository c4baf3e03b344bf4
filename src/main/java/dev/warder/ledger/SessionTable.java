package dev.warder.ledger;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.ledger.store.SessionSums;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/** The sessions of one client in the rows of {@code warder_ledger}. Callers wait for the database. Thread-safe. */
public final class SessionTable {
    private static final String SELECT =
            """
            SELECT session_id, COUNT(*), SUM(cost_usd), MAX(ended_at)
            FROM warder_ledger
            WHERE ended_at >= ? AND client = ? AND session_id IS NOT NULL
            GROUP BY session_id
            ORDER BY MAX(ended_at) DESC
            FETCH FIRST ? ROWS ONLY
            """;

    private final RepeatableTransactions transactions;

    public SessionTable(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.BUDGETS);
    }

    /**
     * The sessions that were used last.
     *
     * @param from only rows that ended then or later: all rows since then are read
     * @param most how many sessions at most
     * @throws SQLException if the database cannot be read now
     */
    public List<SessionSums> latest(String client, Instant from, int most) throws SQLException {
        return transactions.run(connection -> Statements.list(
                connection,
                SELECT,
                row -> new SessionSums(row.getString(1), row.getLong(2), row.getBigDecimal(3), Statements.time(row, 4)),
                from,
                client,
                most));
    }
}
