package dev.warder.ledger.store;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.ledger.store.LockedPeriods.LeaseRow;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.mapper.Nested;

/** Reads for people and programs what all nodes have spent and reserved, and which wait. It locks nothing. Thread-safe. */
public final class PeriodReader {
    private static final int MOST = 200;

    /**
     * A join with the keys, so that each of them is found by the table's key. The first row is there for the types of the
     * others.
     */
    private static final String SELECT =
            """
            SELECT period.budget, period.starts_at AS start, cap_target AS amount, spent, overage, held_unknown AS "unknown",
                leased AS reserved
            FROM (VALUES (CAST(NULL AS VARCHAR(160)), CAST(NULL AS TIMESTAMP WITH TIME ZONE)), <keys>) AS wanted (budget, starts_at)
            JOIN warder_budget_period period ON period.budget = wanted.budget AND period.starts_at = wanted.starts_at
            """;

    public static final int MOST_WAITS = 51;

    /** A node that was killed no longer waits. */
    private static final String WAITS =
            """
            SELECT node.node, lease.wanted AS nanos, lease.wanted_since AS since, CURRENT_TIMESTAMP AS database_time,
                lease.budget, lease.starts_at AS start
            FROM warder_lease lease JOIN warder_budget_node node ON node.run = lease.run
            WHERE lease.state = 'live' AND lease.wanted > 0 AND lease.run <> ?
                AND node.seen_at > CURRENT_TIMESTAMP - INTERVAL '60' SECOND
            ORDER BY lease.wanted_since, lease.budget, node.node FETCH FIRST 51 ROWS ONLY
            """;

    private final RepeatableTransactions transactions;

    public PeriodReader(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.LEDGER);
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
        return transactions.run(handle -> {
            var states = new HashMap<PeriodKey, Amounts>();
            for (var part : Statements.parts(keys.stream().distinct().toList(), MOST)) {
                handle.createQuery(SELECT)
                        .bindMethodsList("keys", Statements.filled(part), List.of("budget", "start"))
                        .mapTo(State.class)
                        .forEach(state -> states.put(state.key, state.amounts));
            }
            return states;
        });
    }

    private record State(@Nested PeriodKey key, @Nested Amounts amounts) {}

    /**
     * The waits of the other nodes, the longest first; at most {@link #MOST_WAITS}. Waits for the database.
     *
     * @param own the run of this node
     * @throws SQLException when the database fails
     */
    public List<NodeWait> waits(UUID own) throws SQLException {
        return transactions.run(handle -> handle.select(WAITS, own)
                .mapTo(Waiting.class)
                .map(Waiting::ofNode)
                .list());
    }

    private record Waiting(
            String node, @Nested PeriodKey key, long nanos, Optional<Instant> since, Instant databaseTime) {
        NodeWait ofNode() {
            var waited = since.map(time -> Duration.between(time, databaseTime))
                    .filter(time -> time.toMillis() < LeaseRow.BEFORE_ALL);
            return new NodeWait(node, key, nanos, waited);
        }
    }

    /**
     * A node that waits for more of a budget. Immutable.
     *
     * @param node its name
     * @param nanos nano-dollars that it waits for
     * @param waited how long its oldest request has waited; empty if responses that have begun need more, which come first
     */
    public record NodeWait(String node, PeriodKey key, long nanos, Optional<Duration> waited) {}
}
