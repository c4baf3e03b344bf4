package dev.warder.ledger;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.ledger.store.SessionSums;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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
        return transactions.run(connection -> latest(connection, client, from, most));
    }

    private static List<SessionSums> latest(Connection connection, String client, Instant from, int most)
            throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
            select.setObject(1, LedgerTable.at(from));
            select.setString(2, client);
            select.setInt(3, most);
            try (var rows = select.executeQuery()) {
                var sessions = new ArrayList<SessionSums>();
                while (rows.next()) {
                    sessions.add(new SessionSums(
                            rows.getString(1),
                            rows.getLong(2),
                            rows.getBigDecimal(3),
                            rows.getObject(4, OffsetDateTime.class).toInstant()));
                }
                return sessions;
            }
        }
    }
}
