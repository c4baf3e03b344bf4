package dev.warder.quota;

import dev.warder.database.Statements;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.Nested;

/** The statements on {@code warder_limit}. The caller owns the transaction. */
public final class BucketTable {
    static final int MOST = LimitStore.MOST;

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

    static final int MOST_DELETED = 5000;

    /** Twice the condition: a row that was found may be used before it is deleted. */
    private static final String DELETE = "DELETE FROM warder_limit WHERE " + FULL
            + " AND limit_key IN (SELECT limit_key FROM warder_limit WHERE " + FULL
            + " FETCH FIRST " + MOST_DELETED + " ROWS ONLY)";

    private BucketTable() {}

    /**
     * Locks rows until the end of the transaction.
     *
     * @param keys sorted, at most {@link #MOST}, not empty
     * @return nothing for a key without a row
     */
    static Map<String, StoredBucket> lock(Handle handle, List<String> keys) {
        return handle.createQuery(LOCK)
                .bindList("keys", Statements.filled(keys))
                .mapTo(Row.class)
                .collect(Collectors.toMap(Row::limitKey, Row::bucket));
    }

    /**
     * Writes rows in the order of keys, as all that locks several rows. A row that another transaction has inserted since
     * {@code before} was read is not updated, for its content was not read: its key is there, and the transaction is repeated.
     */
    static void write(Handle handle, Map<String, StoredBucket> before, SortedMap<String, StoredBucket> after) {
        var known = new ArrayList<Row>();
        var added = new ArrayList<Row>();
        after.forEach((key, bucket) -> (before.containsKey(key) ? known : added).add(new Row(key, bucket)));
        Statements.batch(handle, UPDATE, known);
        Statements.batch(handle, INSERT, added);
    }

    /** A row of {@code warder_limit}. */
    public record Row(String limitKey, @Nested StoredBucket bucket) {}

    /**
     * Deletes rows that mean the same as none, at most {@link #MOST_DELETED}.
     *
     * @return how many
     */
    static int deleteFull(Handle handle) {
        return handle.execute(DELETE);
    }

    static List<List<String>> parts(Collection<String> keys) {
        return Statements.parts(keys.stream().distinct().sorted().toList(), MOST);
    }

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
            double granted = granted(request, Math.max(0, there));
            return new Refill(request.limit(), request.debt() + granted, there - granted);
        }

        private static double granted(RefillRequest request, double there) {
            return there < request.least() ? 0 : Math.min(there, request.most());
        }

        private double filled(long size, Instant now) {
            double nanos = Math.max(0, Duration.between(at, now).toNanos());
            return Math.min((double) size, content + size / MINUTE_NANOS * nanos);
        }

        StoredBucket after(Refill refill, Instant now) {
            boolean ahead = at.isAfter(now) && !at.isAfter(now.plus(SET));
            return new StoredBucket(refill.left(), ahead ? at : now);
        }
    }
}
