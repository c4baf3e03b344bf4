package dev.warder.ledger.jdbc;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.ledger.store.Rollup;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * What clients have spent in each hour, by the sums of {@code warder_usage}, which has about one row for each hour, client, model
 * and node. Callers wait for the database. Thread-safe.
 */
public final class HourTable {
    private static final String SELECT =
            """
            SELECT starts_at, client, SUM(row_count), SUM(billed_nanos)
            FROM warder_usage
            WHERE step = ? AND starts_at >= ? AND starts_at < ? AND billed_nanos > 0 AND (? = '' OR client = ?)
            GROUP BY starts_at, client
            ORDER BY starts_at, client
            """;

    /** The rows that PostgreSQL's driver fetches at once: without it, it would keep them twice. */
    private static final int FETCHED = 500;

    private final RepeatableTransactions transactions;

    /** Opens no connection yet. */
    public HourTable(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.BUDGETS);
    }

    /**
     * What a client has spent in an hour.
     *
     * @param client empty for requests without a client
     * @param requests those for which the operator pays; if the client has used a model with a credential of its own too, also
     *     those requests for the same model
     * @param nanos what the operator pays, in nano-dollars; more than 0
     */
    public record Hour(Instant starts, String client, long requests, long nanos) {}

    /**
     * The hours that begin between these times, {@code to} exclusive, in the order of time. There is at most one
     * for each hour and client, and all of them are in memory.
     *
     * @param client the only one; empty for all
     * @throws SQLException if the database cannot be read now
     */
    public List<Hour> read(Instant from, Instant to, String client) throws SQLException {
        return transactions.run(connection -> read(connection, from, to, client));
    }

    private static List<Hour> read(Connection connection, Instant from, Instant to, String client) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
            select.setString(1, Rollup.Step.HOUR.word());
            select.setObject(2, LedgerTable.at(from));
            select.setObject(3, LedgerTable.at(to));
            select.setString(4, client);
            select.setString(5, client);
            select.setFetchSize(FETCHED);
            try (var rows = select.executeQuery()) {
                var hours = new ArrayList<Hour>();
                while (rows.next()) {
                    hours.add(new Hour(
                            rows.getObject(1, OffsetDateTime.class).toInstant(),
                            rows.getString(2),
                            rows.getLong(3),
                            rows.getLong(4)));
                }
                return hours;
            }
        }
    }
}
