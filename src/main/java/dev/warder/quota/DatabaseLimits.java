package dev.warder.quota;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.quota.BucketTable.StoredBucket;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
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
            all.addAll(transactions.run(handle -> refill(handle, keys, byKey)));
        }
        return all;
    }

    private static List<Refill> refill(Handle handle, List<String> keys, Map<String, RefillRequest> requests) {
        var now = Statements.now(handle);
        var before = BucketTable.lock(handle, keys);
        var after = new TreeMap<String, StoredBucket>();
        var refills = new ArrayList<Refill>();
        for (var key : keys) {
            var request = Objects.requireNonNull(requests.get(key));
            var bucket = before.getOrDefault(key, StoredBucket.full(request.size(), now));
            var refill = bucket.refill(request, now);
            refills.add(refill);
            after.put(key, bucket.after(refill, now));
        }
        BucketTable.write(handle, before, after);
        return refills;
    }

    @Override
    public List<SlotState> slots(UUID run, List<SlotRequest> requests) throws SQLException {
        var byKey = byKey(requests, SlotRequest::limit);
        var all = new ArrayList<SlotState>();
        for (var keys : BucketTable.parts(byKey.keySet())) {
            all.addAll(transactions.run(handle -> slots(handle, run, keys, byKey)));
        }
        return all;
    }

    private static List<SlotState> slots(
            Handle handle, UUID run, List<String> keys, Map<String, SlotRequest> requests) {
        var now = Statements.now(handle);
        var before = BucketTable.lock(handle, keys);
        // Only as locks: their content has no meaning.
        var locks = new TreeMap<String, StoredBucket>();
        keys.forEach(key -> locks.put(key, new StoredBucket(0, now)));
        BucketTable.write(handle, before, locks);
        var elsewhere = SlotTable.elsewhere(handle, keys, run);
        var states = keys.stream()
                .map(key -> state(Objects.requireNonNull(requests.get(key)), elsewhere.getOrDefault(key, 0L)))
                .toList();
        SlotTable.set(handle, run, states);
        return states;
    }

    private static SlotState state(SlotRequest request, long elsewhere) {
        long granted = Math.max(request.used(), Math.min(request.wanted(), request.size() - elsewhere));
        return new SlotState(request.limit(), granted, elsewhere);
    }

    private static <T> Map<String, T> byKey(Collection<T> all, Function<T, String> key) {
        return all.stream().collect(Collectors.toMap(key, each -> each));
    }

    @Override
    public int beat(UUID run) throws SQLException {
        int live = transactions.run(handle -> {
            SlotTable.beat(handle, run);
            if (SlotTable.sees(handle, run)) {
                SlotTable.endDead(handle);
            }
            return SlotTable.live(handle);
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
        transactions.run(handle -> {
            SlotTable.end(handle, run);
            return true;
        });
    }

    /** The statements on {@code warder_limit_slot} and {@code warder_limit_node}. The caller owns the transaction. */
    static final class SlotTable {

        private static final String SELECT =
                """
                SELECT limit_key, SUM(slots) AS slots FROM warder_limit_slot slot
                WHERE limit_key IN (<keys>) AND run <> :run
                    AND EXISTS (SELECT 1 FROM warder_limit_node node WHERE node.run = slot.run)
                GROUP BY limit_key
                """;

        private static final String DELETE = "DELETE FROM warder_limit_slot WHERE limit_key = :limit AND run = :run";
        private static final String INSERT =
                "INSERT INTO warder_limit_slot (limit_key, run, slots) VALUES (:limit, :run, :granted)";

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
        static Map<String, Long> elsewhere(Handle handle, List<String> keys, UUID run) {
            return handle.createQuery(SELECT)
                    .bindList("keys", Statements.filled(keys))
                    .bind("run", run)
                    .mapTo(Sum.class)
                    .collect(Collectors.toMap(Sum::limitKey, Sum::slots));
        }

        private record Sum(String limitKey, long slots) {}

        static void set(Handle handle, UUID run, List<SlotState> states) {
            var granted = states.stream().filter(state -> state.granted() > 0).toList();
            Statements.batch(handle, DELETE, states, Map.of("run", run));
            Statements.batch(handle, INSERT, granted, Map.of("run", run));
        }

        static void beat(Handle handle, UUID run) {
            if (handle.execute(BEAT, run) == 0 && handle.execute(RETURN, run) == 0) {
                handle.execute(FIRST, run);
            }
        }

        /**
         * Whether a node has lived for 30 s without a gap: before, it does not know whether the database was away for
         * all.
         */
        static boolean sees(Handle handle, UUID run) {
            return handle.select(SEES, run).mapTo(String.class).findFirst().isPresent();
        }

        static void end(Handle handle, UUID run) {
            handle.execute(END, run);
            handle.execute(END_SLOTS);
        }

        static void endDead(Handle handle) {
            handle.execute(END_DEAD);
            handle.execute(END_SLOTS);
        }

        static int live(Handle handle) {
            return handle.select(LIVE).mapTo(int.class).one();
        }
    }
}
