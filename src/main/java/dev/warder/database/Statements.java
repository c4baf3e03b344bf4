package dev.warder.database;

import java.sql.Connection;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Statements with a limit of time, {@link DatabaseSchema#LIMIT}, in a transaction of the caller. The SQL is always a constant.
 * Values are set in their order: an instant to the millisecond, a UUID as text, a {@link JDBCType} as a null of this type, an
 * empty {@code Optional} as a time that is null, and a collection as its elements.
 */
public final class Statements {
    private static final int BATCH = 500;

    private Statements() {}

    /** Makes a value of a row. */
    @FunctionalInterface
    public interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** Receives rows. */
    @FunctionalInterface
    public interface Rows {
        void add(ResultSet row) throws SQLException;
    }

    /**
     * Limits a statement to {@link DatabaseSchema#LIMIT}, and returns it.
     *
     * @throws SQLException when the driver refuses the limit
     */
    public static PreparedStatement limited(PreparedStatement statement) throws SQLException {
        statement.setQueryTimeout((int) DatabaseSchema.LIMIT.toSeconds());
        return statement;
    }

    public static PreparedStatement prepared(Connection connection, String sql, Object... values) throws SQLException {
        var statement = limited(connection.prepareStatement(sql));
        set(statement, values);
        return statement;
    }

    public static <T> List<T> list(Connection connection, String sql, Reading<T> reading, Object... values)
            throws SQLException {
        var found = new ArrayList<T>();
        each(connection, sql, row -> found.add(reading.of(row)), values);
        return found;
    }

    /** Reads the rows of a query, in their order. */
    public static void each(Connection connection, String sql, Rows rows, Object... values) throws SQLException {
        try (var select = prepared(connection, sql, values);
                var found = select.executeQuery()) {
            while (found.next()) {
                rows.add(found);
            }
        }
    }

    /** The first row of a statement that has few. */
    public static <T> Optional<T> first(Connection connection, String sql, Reading<T> reading, Object... values)
            throws SQLException {
        return list(connection, sql, reading, values).stream().findFirst();
    }

    /** Executes it, and returns how many rows were changed. */
    public static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (var update = prepared(connection, sql, values)) {
            return update.executeUpdate();
        }
    }

    /**
     * Executes it once for each item, in batches: the limit of a statement's time is also that of a batch.
     *
     * @return how many rows each has changed
     */
    public static <T> int[] batch(Connection connection, String sql, Collection<T> items, Function<T, Object[]> values)
            throws SQLException {
        var changed = IntStream.builder();
        for (var part : parts(List.copyOf(items), BATCH)) {
            try (var batch = limited(connection.prepareStatement(sql))) {
                for (var item : part) {
                    set(batch, values.apply(item));
                    batch.addBatch();
                }
                IntStream.of(batch.executeBatch()).forEach(changed);
            }
        }
        return changed.build().toArray();
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        int at = 1;
        for (var value : values) {
            for (var each : value instanceof Collection<?> several ? several : List.of(value)) {
                set(statement, at, each);
                at++;
            }
        }
    }

    private static void set(PreparedStatement statement, int at, Object value) throws SQLException {
        if (value instanceof Optional<?> optional) {
            set(statement, at, optional.isPresent() ? optional.get() : JDBCType.TIMESTAMP_WITH_TIMEZONE);
        } else if (value instanceof JDBCType type) {
            statement.setNull(at, type.getVendorTypeNumber());
        } else if (value instanceof Instant time) {
            statement.setObject(at, time(time));
        } else {
            statement.setObject(at, value instanceof UUID id ? id.toString() : value);
        }
    }

    /** A time as columns have it, cut to the millisecond. */
    public static OffsetDateTime time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
    }

    /** A time as columns have it, as exact as it is. */
    public static OffsetDateTime exactTime(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** The time in a column that always has one. */
    public static Instant time(ResultSet row, int at) throws SQLException {
        return row.getObject(at, OffsetDateTime.class).toInstant();
    }

    public static @Nullable Instant timeOrNull(ResultSet row, int at) throws SQLException {
        var time = row.getObject(at, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** As many values as a statement has places, 1 or more: a place that is not needed repeats the last one. */
    public static <T> List<T> filled(List<T> values, int places) {
        return IntStream.range(0, places)
                .mapToObj(i -> values.get(Math.min(i, values.size() - 1)))
                .toList();
    }

    /** The same values in their order, in lists of at most {@code most}. */
    public static <T> List<List<T>> parts(List<T> all, int most) {
        return IntStream.range(0, (all.size() + most - 1) / most)
                .mapToObj(i -> all.subList(i * most, Math.min(all.size(), (i + 1) * most)))
                .toList();
    }

    /** When the transaction began, by the database's clock, in whole microseconds. */
    public static Instant now(Connection connection) throws SQLException {
        return first(connection, "SELECT CURRENT_TIMESTAMP", row -> time(row, 1))
                .orElseThrow()
                .truncatedTo(ChronoUnit.MICROS);
    }
}
