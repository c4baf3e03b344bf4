package dev.warder.ledger.lease;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
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
            SELECT period.budget, period.starts_at, cap_target, spent, overage, held_unknown, leased
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

    private final RepeatableTransactions transactions;

    public PeriodReader(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.BUDGETS);
    }

    /**
     * The states of these periods, with one query for up to 200 of them. Each query reads its periods at one moment. Waits for
     * the database.
     *
     * @return nothing for a period that no node has used yet
     * @throws SQLException when the database fails
     */
    public Map<PeriodKey, Amounts> read(Collection<PeriodKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return Map.of();
        }
        return transactions.run(connection -> {
            var states = new HashMap<PeriodKey, Amounts>();
            for (var part : Statements.parts(keys.stream().distinct().toList(), MOST)) {
                var wanted = Statements.filled(part, MOST).stream()
                        .flatMap(key -> key.columns().stream())
                        .toList();
                for (var state : Statements.list(connection, SELECT, PeriodReader::state, wanted)) {
                    states.put(state.getKey(), state.getValue());
                }
            }
            return states;
        });
    }

    private static Map.Entry<PeriodKey, Amounts> state(ResultSet row) throws SQLException {
        var amounts = new Amounts(row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(7), row.getLong(6));
        return Map.entry(PeriodTable.key(row, 1), amounts);
    }

    /**
     * What the other nodes wait for, those first that have waited longest; at most {@link #MOST_WAITS}. Waits for the database.
     *
     * @param own the run of this node
     * @throws SQLException when the database fails
     */
    public List<NodeWait> waits(UUID own) throws SQLException {
        return transactions.run(connection -> Statements.list(
                connection,
                WAITS,
                row -> new NodeWait(row.getString(1), PeriodTable.key(row, 5), row.getLong(2), waited(row)),
                own));
    }

    private static Optional<Duration> waited(ResultSet rows) throws SQLException {
        var since = Statements.timeOrNull(rows, 3);
        var now = Statements.timeOrNull(rows, 4);
        if (since == null || now == null) {
            return Optional.empty();
        }
        var waited = Duration.between(since, now);
        return waited.toMillis() < LeaseRow.BEFORE_ALL ? Optional.of(waited) : Optional.empty();
    }
}
