package dev.warder.ratelimit.store;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** The rate limits in the operator's database, by its clock. Thread-safe. */
public final class DatabaseLimits implements LimitStore {
    private final RepeatableTransactions transactions;

    /** Opens no connection yet. */
    public DatabaseLimits(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.LIMITS);
    }

    @Override
    public List<Refill> refill(List<RefillRequest> requests) throws SQLException {
        var byKey = byKey(requests, RefillRequest::key);
        var all = new ArrayList<Refill>();
        for (var keys : BucketTable.parts(byKey.keySet())) {
            all.addAll(transactions.run(connection -> refill(connection, keys, byKey)));
        }
        return all;
    }

    private static List<Refill> refill(Connection connection, List<String> keys, Map<String, RefillRequest> requests)
            throws SQLException {
        var now = BucketTable.now(connection);
        var before = BucketTable.lock(connection, keys);
        var after = new HashMap<String, StoredBucket>();
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
        var byKey = byKey(requests, SlotRequest::key);
        var all = new ArrayList<SlotState>();
        for (var keys : BucketTable.parts(byKey.keySet())) {
            all.addAll(transactions.run(connection -> slots(connection, run, keys, byKey)));
        }
        return all;
    }

    private static List<SlotState> slots(
            Connection connection, UUID run, List<String> keys, Map<String, SlotRequest> requests) throws SQLException {
        var now = BucketTable.now(connection);
        var before = BucketTable.lock(connection, keys);
        // Only as locks: their content has no meaning.
        write(connection, before, keys.stream().collect(Collectors.toMap(key -> key, key -> new StoredBucket(0, now))));
        var states = new ArrayList<SlotState>();
        for (var key : keys) {
            var request = Objects.requireNonNull(requests.get(key));
            long elsewhere = SlotTable.elsewhere(connection, key, run);
            // What runs already is a fact, whatever is permitted now.
            long granted = Math.max(request.used(), Math.min(request.wanted(), request.size() - elsewhere));
            SlotTable.set(connection, key, run, granted);
            states.add(new SlotState(key, granted, elsewhere));
        }
        return states;
    }

    private static void write(Connection connection, Map<String, StoredBucket> before, Map<String, StoredBucket> after)
            throws SQLException {
        var known = new HashMap<>(after);
        known.keySet().retainAll(before.keySet());
        var added = new HashMap<>(after);
        added.keySet().removeAll(before.keySet());
        BucketTable.update(connection, known);
        BucketTable.insert(connection, added);
    }

    private static <T> Map<String, T> byKey(Collection<T> all, Function<T, String> key) {
        return all.stream().collect(Collectors.toMap(key, each -> each));
    }

    @Override
    public int beat(UUID run) throws SQLException {
        return transactions.run(connection -> {
            SlotTable.beat(connection, run);
            SlotTable.endDead(connection);
            BucketTable.deleteFull(connection);
            return SlotTable.live(connection);
        });
    }

    @Override
    public void end(UUID run) throws SQLException {
        transactions.run(connection -> {
            SlotTable.end(connection, run);
            return true;
        });
    }
}
