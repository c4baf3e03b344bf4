package dev.warder.ledger.store;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.ledger.store.LeaseStore.FencedException;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.LeaseState;
import dev.warder.ledger.store.LeaseStore.LiveNodes;
import dev.warder.ledger.store.LockedPeriods.LeaseRow;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** The leases in the operator's database. Thread-safe. */
public final class DatabaseLeases implements LeaseStore {
    private static final String BEAT =
            "UPDATE warder_budget_node SET beat = beat + 1, seen_at = CURRENT_TIMESTAMP WHERE run = ?";

    private static final String FIRST =
            "INSERT INTO warder_budget_node (run, node, beat, seen_at) VALUES (?, ?, 1, CURRENT_TIMESTAMP)";

    private static final String BEATS =
            """
            SELECT run, beat FROM warder_budget_node
            UNION ALL
            SELECT DISTINCT run, 0 FROM warder_lease lease
            WHERE state = 'live' AND (granted > drawn OR wanted > 0)
                AND NOT EXISTS (SELECT 1 FROM warder_budget_node node WHERE node.run = lease.run)
            """;

    private static final String LIVE =
            "SELECT COUNT(*) AS \"count\", CURRENT_TIMESTAMP AS database_time FROM warder_budget_node"
                    + " WHERE seen_at > CURRENT_TIMESTAMP - INTERVAL '60' SECOND";

    private static final String RUNS = "SELECT run FROM warder_budget_node WHERE node = ?";

    private static final String DELETE = "DELETE FROM warder_budget_node WHERE run = ?";

    /** The reported thresholds of a period and an amount are adjustments of 0, such as {@code reached 80 4000000000000}. */
    private static final String REACHED =
            """
            SELECT reason FROM warder_budget_adjustment
            WHERE budget = :budget AND starts_at = :start AND reason LIKE :reached
            """;

    private final RepeatableTransactions transactions;

    public DatabaseLeases(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.LEDGER);
    }

    @Override
    public List<LeaseState> reserve(UUID run, List<LeaseRequest> requests) throws SQLException, FencedException {
        RepeatableTransactions.Step<List<LeaseState>, FencedException> step =
                handle -> Reservation.of(handle, run, requests);
        return requests.isEmpty() ? List.of() : transactions.run(step);
    }

    @Override
    public void beat(UUID run, String node) throws SQLException {
        transactions.run(handle -> handle.execute(BEAT, run) > 0 ? 0 : handle.execute(FIRST, run, name(node)));
    }

    @Override
    public Map<UUID, Long> beats() throws SQLException {
        return transactions.run(handle -> handle.select(BEATS)
                .mapTo(RunBeat.class)
                .collect(Collectors.toMap(RunBeat::run, RunBeat::beat, Math::max)));
    }

    private record RunBeat(UUID run, long beat) {}

    @Override
    public LiveNodes liveNodes() throws SQLException {
        return transactions.run(
                handle -> handle.select(LIVE).mapTo(LiveNodes.class).one());
    }

    @Override
    public List<UUID> runsOf(String node) throws SQLException {
        return transactions.run(
                handle -> handle.select(RUNS, name(node)).mapTo(UUID.class).list());
    }

    private static String name(String node) {
        return LedgerRow.storable(node, 64);
    }

    @Override
    public int reap(UUID run) throws SQLException {
        return takeAll(run, LockedPeriods.LIVE, lease -> lease.reap(Long.MAX_VALUE));
    }

    @Override
    public void end(UUID run) throws SQLException {
        takeAll(run, LockedPeriods.USED, LeaseRow::end);
    }

    /** Changes the live leases, after which the run is no node any more. */
    private int takeAll(UUID run, String which, UnaryOperator<LeaseRow> change) throws SQLException {
        int changed =
                LockedPeriods.changeAll(transactions, run, which, lease -> lease.live() ? change.apply(lease) : lease);
        transactions.run(handle -> handle.execute(DELETE, run));
        return changed;
    }

    @Override
    public boolean note(PeriodKey key, int percent, long cap) throws SQLException {
        return transactions.run(handle -> {
            // Its lock makes other nodes wait that do the same.
            var periods = LockedPeriods.lock(handle, List.of(key));
            boolean isNew = handle
                    .createQuery(REACHED)
                    .bindMethods(key)
                    .bind("reached", reached("%", cap))
                    .mapTo(String.class)
                    .stream()
                    .noneMatch(reason -> Integer.parseInt(reason.split(" ", -1)[1]) >= percent);
            if (isNew) {
                periods.adjust(key, reached(Integer.toString(percent), cap), 0);
            }
            return isNew;
        });
    }

    /** At most 32 characters. */
    private static String reached(String percent, long cap) {
        return String.join(" ", "reached", percent, Long.toString(cap));
    }
}
