package dev.warder.quota;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.Nested;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rate limits in the operator's database, by its clock. Thread-safe. */
public final class DatabaseLimits implements LimitStore {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseLimits.class);

    /** In the order of keys, so that no two transactions wait for each other. */
    private static final String LOCK =
            """
            SELECT limit_key, content, filled_at AS at FROM warder_limit WHERE limit_key IN (<keys>)
            ORDER BY limit_key FOR UPDATE
            """;

    private static final String INSERT =
            "INSERT INTO warder_limit (content, filled_at, limit_key) VALUES (:bucket.content, :bucket.at, :limitKey)";
    private static final String UPDATE =
            "UPDATE warder_limit SET content = :bucket.content, filled_at = :bucket.at WHERE limit_key = :limitKey";

    /** A bucket is full again a minute after it was empty; those with a debt stay. */
    private static final String FULL = "content >= 0 AND filled_at < CURRENT_TIMESTAMP - INTERVAL '600' SECOND";

    /** Twice the condition: a row that was found may be used before it is deleted. */
    private static final String DELETE_FULL = "DELETE FROM warder_limit WHERE " + FULL
            + " AND limit_key IN (SELECT limit_key FROM warder_limit WHERE " + FULL + " FETCH FIRST 5000 ROWS ONLY)";

    private static final String ELSEWHERE =
            """
            SELECT limit_key, SUM(slots) AS slots FROM warder_limit_slot slot
            WHERE limit_key IN (<keys>) AND run <> :run
                AND EXISTS (SELECT 1 FROM warder_limit_node node WHERE node.run = slot.run)
            GROUP BY limit_key
            """;

    private static final String DELETE_SLOTS = "DELETE FROM warder_limit_slot WHERE limit_key = :limit AND run = :run";
    private static final String INSERT_SLOTS =
            "INSERT INTO warder_limit_slot (limit_key, run, slots) VALUES (:limit, :run, :granted)";

    private static final String BEAT = "UPDATE warder_limit_node SET seen_at = CURRENT_TIMESTAMP"
            + " WHERE run = ? AND seen_at > CURRENT_TIMESTAMP - INTERVAL '15' SECOND";
    private static final String RETURN = "UPDATE warder_limit_node SET seen_at = CURRENT_TIMESTAMP,"
            + " seen_since = CURRENT_TIMESTAMP WHERE run = ?";
    private static final String FIRST = "INSERT INTO warder_limit_node (run, seen_at, seen_since)"
            + " VALUES (?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)";

    /** A node that has not lived for 30 s without a gap does not know whether the database was away for all. */
    private static final String SEES =
            "SELECT run FROM warder_limit_node WHERE run = ? AND seen_since < CURRENT_TIMESTAMP - INTERVAL '30' SECOND";

    private static final String END = "DELETE FROM warder_limit_node WHERE run = ?";
    private static final String END_DEAD =
            "DELETE FROM warder_limit_node WHERE seen_at < CURRENT_TIMESTAMP - INTERVAL '30' SECOND";
    private static final String END_SLOTS = "DELETE FROM warder_limit_slot"
            + " WHERE NOT EXISTS (SELECT 1 FROM warder_limit_node node WHERE node.run = warder_limit_slot.run)";
    private static final String LIVE = "SELECT COUNT(*) FROM warder_limit_node";

    /** Rows without meaning are deleted once in this number of beats. */
    private static final int BEATS = 12;

    private final RepeatableTransactions transactions;
    private final AtomicInteger beats = new AtomicInteger();
    private volatile boolean deletes = true;

    public DatabaseLimits(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.LIMITS);
    }

    @Override
    public Exchanged exchange(UUID run, List<RefillRequest> refills, List<SlotRequest> slots) throws SQLException {
        return transactions.run(handle -> exchange(handle, run, refills, slots));
    }

    private static Exchanged exchange(Handle handle, UUID run, List<RefillRequest> refills, List<SlotRequest> slots) {
        var now = Statements.now(handle);
        var before = lock(handle, refills, slots);
        var after = new TreeMap<String, StoredBucket>();
        var refilled = new ArrayList<Refill>();
        for (var request : refills) {
            var bucket = before.getOrDefault(request.limit(), StoredBucket.full(request.size(), now));
            var refill = bucket.refill(request, now);
            refilled.add(refill);
            after.put(request.limit(), bucket.after(refill, now));
        }
        // Only as locks: their content has no meaning.
        slots.forEach(request -> after.put(request.limit(), new StoredBucket(0, now)));
        write(handle, before, after);
        return new Exchanged(refilled, slots.isEmpty() ? List.of() : note(handle, run, slots));
    }

    /** Locks the rows of limits until the end of the transaction. There may be none for some. */
    private static Map<String, StoredBucket> lock(Handle handle, List<RefillRequest> refills, List<SlotRequest> slots) {
        var keys = Stream.concat(
                refills.stream().map(RefillRequest::limit), slots.stream().map(SlotRequest::limit));
        return handle.createQuery(LOCK)
                .bindList("keys", Statements.filled(keys.sorted().toList()))
                .mapTo(Row.class)
                .collect(Collectors.toMap(Row::limitKey, Row::bucket));
    }

    /**
     * Writes rows in the order of keys, as all that locks several rows. A row that another transaction has inserted since
     * {@code before} was read is not updated, for its content was not read: its key is there, and the transaction is repeated.
     */
    private static void write(Handle handle, Map<String, StoredBucket> before, SortedMap<String, StoredBucket> after) {
        var known = new ArrayList<Row>();
        var added = new ArrayList<Row>();
        after.forEach((key, bucket) -> (before.containsKey(key) ? known : added).add(new Row(key, bucket)));
        Statements.batch(handle, UPDATE, known);
        Statements.batch(handle, INSERT, added);
    }

    private static List<SlotState> note(Handle handle, UUID run, List<SlotRequest> requests) {
        var keys = requests.stream().map(SlotRequest::limit).toList();
        var elsewhere = handle.createQuery(ELSEWHERE)
                .bindList("keys", Statements.filled(keys))
                .bind("run", run)
                .mapTo(Sum.class)
                .collect(Collectors.toMap(Sum::limitKey, Sum::slots));
        var states = new ArrayList<SlotState>();
        for (var each : requests) {
            long others = elsewhere.getOrDefault(each.limit(), 0L);
            long granted = Math.max(each.used(), Math.min(each.wanted(), each.size() - others));
            states.add(new SlotState(each.limit(), granted, others));
        }
        Statements.batch(handle, DELETE_SLOTS, states, Map.of("run", run));
        Statements.batch(
                handle,
                INSERT_SLOTS,
                states.stream().filter(state -> state.granted() > 0).toList(),
                Map.of("run", run));
        return states;
    }

    @Override
    public int beat(UUID run) throws SQLException {
        int live = transactions.run(handle -> {
            if (handle.execute(BEAT, run) == 0 && handle.execute(RETURN, run) == 0) {
                handle.execute(FIRST, run);
            }
            if (handle.select(SEES, run).mapTo(String.class).findFirst().isPresent()) {
                handle.execute(END_DEAD);
                handle.execute(END_SLOTS);
            }
            return handle.select(LIVE).mapTo(int.class).one();
        });
        if (beats.getAndIncrement() % BEATS == 0) {
            deleteFull();
        }
        return live;
    }

    /** In a transaction of its own, since it reads the whole table. If it fails, the node still counts as living. */
    private void deleteFull() {
        try {
            transactions.run(handle -> handle.execute(DELETE_FULL));
            deletes = true;
        } catch (SQLException failed) {
            if (deletes) {
                LOG.warn("Rows of warder_limit that are not needed could not be deleted: {}", failed.getSQLState());
            }
            deletes = false;
        }
    }

    @Override
    public void end(UUID run) throws SQLException {
        transactions.run(handle -> {
            handle.execute(END, run);
            return handle.execute(END_SLOTS);
        });
    }

    /** A row of {@code warder_limit}. */
    public record Row(String limitKey, @Nested StoredBucket bucket) {}

    /** Slots of other nodes. */
    private record Sum(String limitKey, long slots) {}

    /**
     * A bucket as all nodes share it, with the microseconds of a time, in which a large bucket is filled by more than nothing.
     * Immutable.
     *
     * @param content what it had at that moment; negative if more was taken than was there
     */
    public record StoredBucket(double content, Instant at) {
        private static final double MINUTE_NANOS = 60e9;

        private static final Duration SET = Duration.ofSeconds(5);

        static StoredBucket full(long size, Instant now) {
            return new StoredBucket(size, now);
        }

        Refill refill(RefillRequest request, Instant now) {
            double there =
                    Math.min((double) request.size(), filled(request.size(), now) + request.back()) - request.debt();
            double most = Math.max(0, there);
            double granted = most < request.least() ? 0 : Math.min(most, request.most());
            return new Refill(request.limit(), request.debt() + granted, there - granted);
        }

        private double filled(long size, Instant now) {
            double nanos = Math.max(0, Duration.between(at, now).toNanos());
            return Math.min((double) size, content + size / MINUTE_NANOS * nanos);
        }

        /** A clock that was set back a little fills nothing twice. */
        StoredBucket after(Refill refill, Instant now) {
            boolean ahead = at.isAfter(now) && !at.isAfter(now.plus(SET));
            return new StoredBucket(refill.left(), ahead ? at : now);
        }
    }
}
