package dev.warder.budget.lease;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.Statements;
import dev.warder.database.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Reads for people which other nodes wait for budgets. It locks nothing. Thread-safe. */
public final class WaitReader {
    /** The most rows that are read. */
    public static final int MOST = 51;

    /** A node that was killed no longer waits. */
    private static final String SELECT =
            """
            SELECT node.node, lease.wanted, lease.wanted_since, CURRENT_TIMESTAMP, lease.budget, lease.starts_at
            FROM warder_lease lease JOIN warder_budget_node node ON node.run = lease.run
            WHERE lease.state = 'live' AND lease.wanted > 0 AND lease.run <> ?
                AND node.seen_at > CURRENT_TIMESTAMP - INTERVAL '60' SECOND
            ORDER BY lease.wanted_since, lease.budget, node.node FETCH FIRST 51 ROWS ONLY
            """;

    private final DataSource source;
    private final DatabaseSchema schema;

    /** Opens no connection yet. */
    public WaitReader(DataSource source) {
        this.source = source;
        this.schema = new DatabaseSchema(source, DatabaseSchema.Tables.BUDGETS);
    }

    /**
     * What the other nodes wait for, those first that have waited longest; at most {@link #MOST}. Waits for the database.
     *
     * @param own the run of this node
     * @throws SQLException when the database fails
     */
    public List<NodeWait> read(UUID own) throws SQLException {
        schema.bringUpToDate();
        var waits = new ArrayList<NodeWait>();
        try (var transaction = Transaction.readCommitted(source);
                var select = Statements.limited(transaction.connection().prepareStatement(SELECT))) {
            select.setString(1, own.toString());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    waits.add(new NodeWait(rows.getString(1), Keys.read(rows, 5), rows.getLong(2), waited(rows)));
                }
            }
        }
        return waits;
    }

    private static Optional<Duration> waited(ResultSet rows) throws SQLException {
        var since = Keys.instant(rows, 3);
        var now = Keys.instant(rows, 4);
        if (since == null || now == null) {
            return Optional.empty();
        }
        var waited = Duration.between(since, now);
        return waited.toMillis() < LeaseRow.BEFORE_ALL ? Optional.of(waited) : Optional.empty();
    }
}
