package dev.warder.ledger.lease;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.ledger.store.StoredText;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** The leases in the operator's database. Thread-safe. */
public final class DatabaseLeases implements LeaseStore {
    private final RepeatableTransactions transactions;

    public DatabaseLeases(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.BUDGETS);
    }

    @Override
    public List<LeaseState> reserve(UUID run, List<LeaseRequest> requests) throws SQLException, FencedException {
        RepeatableTransactions.Step<List<LeaseState>, FencedException> step =
                connection -> new Reservation(connection, run).of(requests);
        return requests.isEmpty() ? List.of() : transactions.run(step);
    }

    @Override
    public void beat(UUID run, String node) throws SQLException {
        transactions.run(connection -> {
            NodeTable.beat(connection, run, node);
            return true;
        });
    }

    @Override
    public Map<UUID, Long> beats() throws SQLException {
        return transactions.run(NodeTable::beats);
    }

    @Override
    public LiveNodes liveNodes() throws SQLException {
        return transactions.run(NodeTable::live);
    }

    @Override
    public List<UUID> runsOf(String node) throws SQLException {
        return transactions.run(connection -> NodeTable.runsOf(connection, node));
    }

    @Override
    public int reap(UUID run) throws SQLException {
        int reaped = 0;
        int part;
        do {
            part = transactions.run(connection -> reap(connection, run));
            reaped += part;
        } while (part == LeaseTable.MOST);
        return reaped;
    }

    @Override
    public void end(UUID run) throws SQLException {
        int part;
        do {
            part = transactions.run(connection -> end(connection, run));
        } while (part == LeaseTable.MOST);
    }

    @Override
    public boolean note(PeriodKey key, int percent, long cap) throws SQLException {
        return transactions.run(connection -> ThresholdTable.note(connection, key, new ThresholdNote(percent, cap)));
    }

    private static int reap(Connection connection, UUID run) throws SQLException {
        var keys = LeaseTable.liveOf(connection, run);
        var periods = PeriodTable.lock(connection, keys);
        var reaped = new ArrayList<LeaseRow>();
        for (var lease : LeaseTable.of(connection, run, keys).values()) {
            if (lease.live()) {
                var after = lease.reap();
                periods.computeIfPresent(lease.key(), (key, period) -> period.replace(lease, after));
                reaped.add(after);
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
                var after = lease.end();
                periods.computeIfPresent(lease.key(), (key, period) -> period.replace(lease, after));
                ended.add(after);
            }
        }
        PeriodTable.update(connection, periods.values());
        LeaseTable.update(connection, ended);
        NodeTable.delete(connection, run);
        return keys.size();
    }

    /**
     * The reported thresholds of a period: rows of {@code warder_budget_adjustment} with an amount of 0. The caller owns the
     * transaction.
     */
    private static final class ThresholdTable {
        private static final String REASONS =
                """
                SELECT reason FROM warder_budget_adjustment WHERE budget = ? AND starts_at = ? AND reason LIKE 'reached %'
                """;

        private ThresholdTable() {}

        /**
         * Notes that a threshold is reported, unless it is noted already, or a higher one. The lock of the period makes
         * other nodes wait that do the same.
         */
        static boolean note(Connection connection, PeriodKey key, ThresholdNote note) throws SQLException {
            PeriodTable.lock(connection, List.of(key));
            if (reasons(connection, key).stream().anyMatch(note::isCoveredBy)) {
                return false;
            }
            ChargeTable.adjust(connection, key, note.reason(), 0);
            return true;
        }

        private static List<String> reasons(Connection connection, PeriodKey key) throws SQLException {
            var reasons = new ArrayList<String>();
            try (var select = Statements.limited(connection.prepareStatement(REASONS))) {
                Keys.set(select, 1, key);
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        reasons.add(rows.getString(1));
                    }
                }
            }
            return reasons;
        }
    }

    /**
     * A threshold of a period that was reported, as a reason of {@code warder_budget_adjustment}: {@code reached PERCENT
     * CAP}. A cap that was changed has its own. Immutable.
     *
     * @param percent the share, 1 to 100
     * @param cap the amount of the budget, in nano-dollars
     */
    private record ThresholdNote(int percent, long cap) {
        private static final String REACHED = "reached ";

        /** At most 32 characters. */
        String reason() {
            return REACHED + percent + end();
        }

        boolean isCoveredBy(String reason) {
            return reason.startsWith(REACHED)
                    && reason.endsWith(end())
                    && Integer.parseInt(reason, REACHED.length(), reason.length() - end().length(), 10) >= percent;
        }

        private String end() {
            return " " + cap;
        }
    }

    /** The statements on {@code warder_budget_node}. The caller owns the transaction. */
    static final class NodeTable {
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

        private static final String LIVE = "SELECT COUNT(*), CURRENT_TIMESTAMP FROM warder_budget_node"
                + " WHERE seen_at > CURRENT_TIMESTAMP - INTERVAL '60' SECOND";

        private static final String RUNS = "SELECT run FROM warder_budget_node WHERE node = ?";

        private static final String DELETE = "DELETE FROM warder_budget_node WHERE run = ?";

        private NodeTable() {}

        static void beat(Connection connection, UUID run, String node) throws SQLException {
            try (var update = Statements.limited(connection.prepareStatement(BEAT))) {
                update.setString(1, run.toString());
                if (update.executeUpdate() > 0) {
                    return;
                }
            }
            try (var insert = Statements.limited(connection.prepareStatement(FIRST))) {
                insert.setString(1, run.toString());
                insert.setString(2, name(node));
                insert.executeUpdate();
            }
        }

        static Map<UUID, Long> beats(Connection connection) throws SQLException {
            var beats = new HashMap<UUID, Long>();
            try (var select = Statements.limited(connection.prepareStatement(BEATS));
                    var rows = select.executeQuery()) {
                while (rows.next()) {
                    beats.put(UUID.fromString(rows.getString(1)), rows.getLong(2));
                }
            }
            return beats;
        }

        static LiveNodes live(Connection connection) throws SQLException {
            try (var select = Statements.limited(connection.prepareStatement(LIVE));
                    var rows = select.executeQuery()) {
                rows.next();
                return new LiveNodes(
                        rows.getInt(1), rows.getObject(2, OffsetDateTime.class).toInstant());
            }
        }

        static List<UUID> runsOf(Connection connection, String node) throws SQLException {
            var runs = new ArrayList<UUID>();
            try (var select = Statements.limited(connection.prepareStatement(RUNS))) {
                select.setString(1, name(node));
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        runs.add(UUID.fromString(rows.getString(1)));
                    }
                }
            }
            return runs;
        }

        static void delete(Connection connection, UUID run) throws SQLException {
            try (var delete = Statements.limited(connection.prepareStatement(DELETE))) {
                delete.setString(1, run.toString());
                delete.executeUpdate();
            }
        }

        private static String name(String node) {
            return StoredText.of(node, 64);
        }
    }
}
