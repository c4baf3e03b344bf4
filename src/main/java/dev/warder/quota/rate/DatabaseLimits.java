package dev.warder.quota.rate;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
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
}
