package dev.warder.ledger.lease;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.Statements;
import dev.warder.database.Transaction;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Reads for people and programs what all nodes have spent and reserved, and which wait. It locks nothing. Thread-safe. */
public final class PeriodReader {
    private static final int MOST = 200;

    private static final String TEN =
            ", (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?)";

    private static final String FIFTY = TEN + TEN + TEN + TEN + TEN;

    /**
     * A join with the keys, so that each of them is found by the table's key. The first row is there for the types of the
     * others.
     */
    private static final String SELECT =
            """
            SELECT period.budget, period.starts_at, cap_target, enforced, spent, overage, held_unknown, leased
            FROM (VALUES (CAST(NULL AS VARCHAR(160)), CAST(NULL AS TIMESTAMP WITH TIME ZONE))\
            """
                    + FIFTY + FIFTY + FIFTY + FIFTY
                    + """
                    ) AS wanted (budget, starts_at)
                    JOIN warder_budget_period period
                        ON period.budget = wanted.budget AND period.starts_at = wanted.starts_at
                    """;

    public static final int MOST_WAITS = 51;

    /** A node that was killed no longer waits. */
    private static final String WAITS =
            """
            SELECT node.node, lease.wanted, lease.wanted_since, CURRENT_TIMESTAMP, lease.budget, lease.starts_at
            FROM warder_lease lease JOIN warder_budget_node node ON node.run = lease.run
            WHERE lease.state = 'live' AND lease.wanted > 0 AND lease.run <> ?
                AND node.seen_at > CURRENT_TIMESTAMP - INTERVAL '60' SECOND
            ORDER BY lease.wanted_since, lease.budget, node.node FETCH FIRST 51 ROWS ONLY
            """;

    private final DataSource source;
    private final DatabaseSchema schema;

    public PeriodReader(DataSource source) {
        this.source = source;
        this.schema = new DatabaseSchema(source, DatabaseSchema.Tables.BUDGETS);
    }

    /**
     * The states of these periods, with one query for up to 200 of them. Each query reads its periods at one moment. Waits for
     * the database.
     *
     * @return nothing for a period that no node has used yet
     * @throws SQLException when the database fails
     */
    public Map<PeriodKey, PeriodState> read(Collection<PeriodKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return Map.of();
        }
        schema.bringUpToDate();
        var all = keys.stream().distinct().toList();
        var states = new HashMap<PeriodKey, PeriodState>();
        try (var transaction = Transaction.readCommitted(source)) {
            for (int from = 0; from < all.size(); from += MOST) {
                var part = all.subList(from, Math.min(all.size(), from + MOST));
                read(transaction.connection(), part, states);
            }
        }
        return states;
    }

    private static void read(Connection connection, List<PeriodKey> keys, Map<PeriodKey, PeriodState> states)
            throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
            for (int i = 0; i < MOST; i++) {
                // A place that is not needed repeats the last key.
                Keys.set(select, 1 + 2 * i, keys.get(Math.min(i, keys.size() - 1)));
            }
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var state = new PeriodState(
                            rows.getLong(3),
                            rows.getBoolean(4),
                            rows.getLong(5),
                            rows.getLong(6),
                            rows.getLong(7),
                            rows.getLong(8));
                    states.put(Keys.read(rows, 1), state);
                }
            }
        }
    }

    /**
     * What the other nodes wait for, those first that have waited longest; at most {@link #MOST_WAITS}. Waits for the database.
     *
     * @param own the run of this node
     * @throws SQLException when the database fails
     */
    public List<NodeWait> waits(UUID own) throws SQLException {
        schema.bringUpToDate();
        var waits = new ArrayList<NodeWait>();
        try (var transaction = Transaction.readCommitted(source);
                var select = Statements.limited(transaction.connection().prepareStatement(WAITS))) {
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
