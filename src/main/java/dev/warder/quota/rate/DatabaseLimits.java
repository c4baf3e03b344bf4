package dev.warder.quota.rate;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.quota.rate.BucketTable.StoredBucket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rate limits in the operator's database, by its clock. Thread-safe. */
public final class DatabaseLimits implements LimitStore {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseLimits.class);

    /** Rows without meaning are deleted once in this number of beats. */
    private static final int BEATS = 12;

    private final RepeatableTransactions transactions;
    private final AtomicInteger beats = new AtomicInteger();
    private volatile boolean moreIsFull;

    private volatile boolean deletes = true;

    public DatabaseLimits(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.LIMITS);
    }

    @Override
    public List<Refill> refill(List<RefillRequest> requests) throws SQLException {
        var byKey = byKey(requests, RefillRequest::limit);
        var all = new ArrayList<Refill>();
        for (var keys : BucketTable.parts(byKey.keySet())) {
            all.addAll(transactions.run(connection -> refill(connection, keys, byKey)));
        }
        return all;
    }

    private static List<Refill> refill(Connection connection, List<String> keys, Map<String, RefillRequest> requests)
            throws SQLException {
        var now = Statements.now(connection);
        var before = BucketTable.lock(connection, keys);
        var after = new TreeMap<String, StoredBucket>();
        var refills = new ArrayList<Refill>();
        for (var key : keys) {
            var request = Objects.requireNonNull(requests.get(key));
            var bucket = before.getOrDefault(key, StoredBucket.full(request.size(), now));
            var refill = bucket.refill(request, now);
            refills.add(refill);
            after.put(key, bucket.after(refill, now));
        }
        write(connection, before, after);
        return refills;
    }

    @Override
    public List<SlotState> slots(UUID run, List<SlotRequest> requests) throws SQLException {
        var byKey = byKey(requests, SlotRequest::limit);
        var all = new ArrayList<SlotState>();
        for (var keys : BucketTable.parts(byKey.keySet())) {
            all.addAll(transactions.run(connection -> slots(connection, run, keys, byKey)));
        }
        return all;
    }

    private static List<SlotState> slots(
            Connection connection, UUID run, List<String> keys, Map<String, SlotRequest> requests) throws SQLException {
        var now = Statements.now(connection);
        var before = BucketTable.lock(connection, keys);
        // Only as locks: their content has no meaning.
        var locks = new TreeMap<String, StoredBucket>();
        keys.forEach(key -> locks.put(key, new StoredBucket(0, now)));
        write(connection, before, locks);
        var elsewhere = SlotTable.elsewhere(connection, keys, run);
        var states = keys.stream()
                .map(key -> state(Objects.requireNonNull(requests.get(key)), elsewhere.getOrDefault(key, 0L)))
                .toList();
        SlotTable.set(connection, run, states);
        return states;
    }

    private static SlotState state(SlotRequest request, long elsewhere) {
        long granted = Math.max(request.used(), Math.min(request.wanted(), request.size() - elsewhere));
        return new SlotState(request.limit(), granted, elsewhere);
    }

    private static void write(
            Connection connection, SortedMap<String, StoredBucket> before, SortedMap<String, StoredBucket> after)
            throws SQLException {
        var known = new TreeMap<>(after);
        known.keySet().retainAll(before.keySet());
        var added = new TreeMap<>(after);
        added.keySet().removeAll(before.keySet());
        BucketTable.update(connection, known);
        BucketTable.insert(connection, added);
    }

    private static <T> Map<String, T> byKey(Collection<T> all, Function<T, String> key) {
        return all.stream().collect(Collectors.toMap(key, each -> each));
    }

    @Override
    public int beat(UUID run) throws SQLException {
        int live = transactions.run(connection -> {
            SlotTable.beat(connection, run);
            if (SlotTable.sees(connection, run)) {
                SlotTable.endDead(connection);
            }
            return SlotTable.live(connection);
        });
        if (beats.getAndIncrement() % BEATS == 0 || moreIsFull) {
            deleteFull();
        }
        return live;
    }

    /** In a transaction of its own, since it reads the whole table. If it fails, the node still counts as living. */
    private void deleteFull() {
        boolean before = deletes;
        moreIsFull = false;
        try {
            moreIsFull = transactions.run(BucketTable::deleteFull) == BucketTable.MOST_DELETED;
            deletes = true;
        } catch (SQLException failed) {
            deletes = false;
            if (before) {
                LOG.warn("Rows of warder_limit that are not needed could not be deleted: {}", failed.getSQLState());
            }
        }
    }

    @Override
    public void end(UUID run) throws SQLException {
        transactions.run(connection -> {
            SlotTable.end(connection, run);
            return true;
        });
    }

    /** The statements on {@code warder_limit_slot} and {@code warder_limit_node}. The caller owns the transaction. */
    static final class SlotTable {

        private static final String SELECT =
                "SELECT limit_key, slots FROM warder_limit_slot slot WHERE limit_key IN " + BucketTable.KEYS
                        + " AND run <> ? AND EXISTS (SELECT 1 FROM warder_limit_node node WHERE node.run = slot.run)";

        private static final String DELETE = "DELETE FROM warder_limit_slot WHERE limit_key = ? AND run = ?";
        private static final String INSERT = "INSERT INTO warder_limit_slot (limit_key, run, slots) VALUES (?, ?, ?)";

        private static final String BEAT = "UPDATE warder_limit_node SET seen_at = CURRENT_TIMESTAMP"
                + " WHERE run = ? AND seen_at > CURRENT_TIMESTAMP - INTERVAL '15' SECOND";
        private static final String RETURN = "UPDATE warder_limit_node SET seen_at = CURRENT_TIMESTAMP,"
                + " seen_since = CURRENT_TIMESTAMP WHERE run = ?";
        private static final String FIRST = "INSERT INTO warder_limit_node (run, seen_at, seen_since)"
                + " VALUES (?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)";
        private static final String END = "DELETE FROM warder_limit_node WHERE run = ?";
        private static final String SEES =
                "SELECT run FROM warder_limit_node WHERE run = ? AND seen_since < CURRENT_TIMESTAMP - INTERVAL '30' SECOND";
        private static final String END_DEAD =
                "DELETE FROM warder_limit_node WHERE seen_at < CURRENT_TIMESTAMP - INTERVAL '30' SECOND";
        private static final String END_SLOTS = "DELETE FROM warder_limit_slot"
                + " WHERE NOT EXISTS (SELECT 1 FROM warder_limit_node node WHERE node.run = warder_limit_slot.run)";
        private static final String LIVE = "SELECT COUNT(*) FROM warder_limit_node";

        private SlotTable() {}

        /**
         * The slots of all other nodes that live.
         *
         * @param keys at most {@link BucketTable#MOST}, not empty
         * @return without the keys that no other node has slots of
         */
        static Map<String, Long> elsewhere(Connection connection, List<String> keys, UUID run) throws SQLException {
            var sums = new HashMap<String, Long>();
            var all = Statements.list(
                    connection,
                    SELECT,
                    row -> Map.entry(row.getString(1), row.getLong(2)),
                    Statements.filled(keys, BucketTable.MOST),
                    run);
            all.forEach(each -> sums.merge(each.getKey(), each.getValue(), Math::addExact));
            return sums;
        }

        static void set(Connection connection, UUID run, List<SlotState> states) throws SQLException {
            var granted = states.stream().filter(state -> state.granted() > 0).toList();
            Statements.batch(connection, DELETE, states, state -> new Object[] {state.limit(), run});
            Statements.batch(connection, INSERT, granted, state -> new Object[] {state.limit(), run, state.granted()});
        }

        static void beat(Connection connection, UUID run) throws SQLException {
            if (Statements.update(connection, BEAT, run) == 0 && Statements.update(connection, RETURN, run) == 0) {
                Statements.update(connection, FIRST, run);
            }
        }

        /**
         * Whether a node has lived for 30 s without a gap: before, it does not know whether the database was away for
         * all.
         */
        static boolean sees(Connection connection, UUID run) throws SQLException {
            return Statements.first(connection, SEES, row -> true, run).isPresent();
        }

        static void end(Connection connection, UUID run) throws SQLException {
            Statements.update(connection, END, run);
            Statements.update(connection, END_SLOTS);
        }

        static void endDead(Connection connection) throws SQLException {
            Statements.update(connection, END_DEAD);
            Statements.update(connection, END_SLOTS);
        }

        static int live(Connection connection) throws SQLException {
            return Statements.first(connection, LIVE, row -> row.getInt(1)).orElse(0);
        }
    }
}
