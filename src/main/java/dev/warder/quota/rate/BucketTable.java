package dev.warder.quota.rate;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The statements on {@code warder_limit}. The caller owns the transaction. */
final class BucketTable {
    static final int MOST = LimitStore.MOST;

    private static final String NINE = ", ?, ?, ?, ?, ?, ?, ?, ?, ?";
    private static final String TEN = NINE + ", ?";

    /** In the order of keys, so that no two transactions wait for each other. */
    private static final String LOCK = "SELECT limit_key, content, filled_at FROM warder_limit WHERE limit_key IN (?"
            + NINE + TEN + TEN + TEN + TEN + ") ORDER BY limit_key FOR UPDATE";

    private static final String INSERT = "INSERT INTO warder_limit (content, filled_at, limit_key) VALUES (?, ?, ?)";
    private static final String UPDATE = "UPDATE warder_limit SET content = ?, filled_at = ? WHERE limit_key = ?";

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
    static SortedMap<String, StoredBucket> lock(Connection connection, List<String> keys) throws SQLException {
        var found = new TreeMap<String, StoredBucket>();
        try (var select = Statements.limited(connection.prepareStatement(LOCK))) {
            setKeys(select, keys);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var at = rows.getObject(3, OffsetDateTime.class).toInstant();
                    found.put(rows.getString(1), new StoredBucket(rows.getDouble(2), at));
                }
            }
        }
        return found;
    }

    static void setKeys(PreparedStatement statement, List<String> keys) throws SQLException {
        for (int i = 0; i < MOST; i++) {
            statement.setString(i + 1, keys.get(Math.min(i, keys.size() - 1)));
        }
    }

    /** In the order of keys, as all that locks several rows. */
    static void insert(Connection connection, SortedMap<String, StoredBucket> rows) throws SQLException {
        write(connection, INSERT, rows);
    }

    static void update(Connection connection, SortedMap<String, StoredBucket> rows) throws SQLException {
        write(connection, UPDATE, rows);
    }

    private static void write(Connection connection, String sql, SortedMap<String, StoredBucket> rows)
            throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (var write = Statements.limited(connection.prepareStatement(sql))) {
            for (var row : rows.entrySet()) {
                write.setDouble(1, row.getValue().content());
                write.setObject(2, row.getValue().at().atOffset(ZoneOffset.UTC));
                write.setString(3, row.getKey());
                write.addBatch();
            }
            write.executeBatch();
        }
    }

    /**
     * Deletes rows that mean the same as none, at most {@link #MOST_DELETED}.
     *
     * @return how many
     */
    static int deleteFull(Connection connection) throws SQLException {
        try (var delete = Statements.limited(connection.prepareStatement(DELETE))) {
            return delete.executeUpdate();
        }
    }

    static List<List<String>> parts(Collection<String> keys) {
        var sorted = keys.stream().distinct().sorted().toList();
        return IntStream.range(0, (sorted.size() + MOST - 1) / MOST)
                .mapToObj(i -> sorted.subList(i * MOST, Math.min(sorted.size(), (i + 1) * MOST)))
                .toList();
    }

    /**
     * A bucket as all nodes share it. Immutable.
     *
     * @param content what it had at that moment; negative if more was taken than was there
     */
    record StoredBucket(double content, Instant at) {
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
