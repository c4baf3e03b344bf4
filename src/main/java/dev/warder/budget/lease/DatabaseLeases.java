package dev.warder.budget.lease;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.Transaction;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * The leases in the operator's database. A transaction that meets another one that makes the same rows, or that the database
 * ended for the sake of another one, is done again. Thread-safe.
 */
public final class DatabaseLeases implements LeaseStore {
    private static final int ATTEMPTS = 3;

    private final DataSource source;
    private final DatabaseSchema schema;

    /** Opens no connection yet. */
    public DatabaseLeases(DataSource source) {
        this.source = source;
        this.schema = new DatabaseSchema(source, DatabaseSchema.Tables.BUDGETS);
    }

    /** The work of one transaction. */
    private interface Step<T, E extends Exception> {
        T with(Connection connection) throws SQLException, E;
    }

    @Override
    public List<LeaseState> exchange(UUID run, List<LeaseRequest> requests) throws SQLException, FencedException {
        Step<List<LeaseState>, FencedException> step = connection -> new Exchange(connection, run).of(requests);
        return requests.isEmpty() ? List.of() : inTransaction(step);
    }

    @Override
    public void beat(UUID run, String node) throws SQLException {
        inTransaction(connection -> {
            NodeTable.beat(connection, run, node);
            return true;
        });
    }

    @Override
    public Map<UUID, Long> beats() throws SQLException {
        return inTransaction(NodeTable::beats);
    }

    @Override
    public LiveNodes liveNodes() throws SQLException {
        return inTransaction(NodeTable::live);
    }

    @Override
    public List<UUID> runsOf(String node) throws SQLException {
        return inTransaction(connection -> NodeTable.runsOf(connection, node));
    }

    @Override
    public int reap(UUID run) throws SQLException {
        int reaped = 0;
        int part;
        do {
            part = inTransaction(connection -> reap(connection, run));
            reaped += part;
        } while (part == LeaseTable.MOST);
        return reaped;
    }

    @Override
    public Map<PeriodKey, Long> drawn(UUID run, List<PeriodKey> keys) throws SQLException {
        return inTransaction(connection -> LeaseTable.of(connection, run, keys).values().stream()
                .collect(Collectors.toMap(LeaseRow::key, LeaseRow::drawn)));
    }

    @Override
    public void end(UUID run) throws SQLException {
        int part;
        do {
            part = inTransaction(connection -> end(connection, run));
        } while (part == LeaseTable.MOST);
    }

    @Override
    public boolean note(PeriodKey key, int percent, long cap) throws SQLException {
        return inTransaction(connection -> ThresholdTable.note(connection, key, new ThresholdNote(percent, cap)));
    }

    private static int reap(Connection connection, UUID run) throws SQLException {
        var keys = LeaseTable.liveOf(connection, run);
        var periods = PeriodTable.lock(connection, keys);
        var reaped = new ArrayList<LeaseRow>();
        for (var lease : LeaseTable.of(connection, run, keys).values()) {
            if (lease.live()) {
                periods.computeIfPresent(lease.key(), (key, period) -> period.loseLease(lease.rest()));
                reaped.add(lease.reap());
            }
        }
        PeriodTable.update(connection, periods.values());
        LeaseTable.update(connection, reaped);
        NodeTable.delete(connection, run);
        return keys.size();
    }

    private static int end(Connection connection, UUID run) throws SQLException {
        var keys = LeaseTable.usedBy(connection, run);
        var periods = PeriodTable.lock(connection, keys);
        var ended = new ArrayList<LeaseRow>();
        for (var lease : LeaseTable.of(connection, run, keys).values()) {
            if (lease.live()) {
                periods.computeIfPresent(lease.key(), (key, period) -> period.lease(-lease.rest()));
                ended.add(lease.end());
            }
        }
        PeriodTable.update(connection, periods.values());
        LeaseTable.update(connection, ended);
        NodeTable.delete(connection, run);
        return keys.size();
    }

    private <T, E extends Exception> T inTransaction(Step<T, E> step) throws SQLException, E {
        schema.bringUpToDate();
        for (int attempt = 1; ; attempt++) {
            try (var transaction = Transaction.readCommitted(source)) {
                T result = step.with(transaction.connection());
                transaction.connection().commit();
                return result;
            } catch (SQLException failed) {
                if (attempt == ATTEMPTS || !mayBeRepeated(failed)) {
                    throw failed;
                }
            }
        }
    }

    /** A key that is there already (class 23), or a transaction that was ended for another one (class 40). */
    private static boolean mayBeRepeated(SQLException failed) {
        var state = Objects.requireNonNullElse(failed.getSQLState(), "");
        return state.startsWith("23") || state.startsWith("40");
    }
}
