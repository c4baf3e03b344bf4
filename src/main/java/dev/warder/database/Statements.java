package dev.warder.database;

import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.generic.GenericTypes;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.RowMapperFactory;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;

/**
 * Jdbi for the tables of this application. The SQL is a constant but for the places of a list, and each statement has a limit of time, {@link
 * DatabaseSchema#LIMIT}. A row becomes a record whose components have the names of its columns, and a record the parameters of a
 * statement. A time is as exact as the column, and a UUID is text.
 */
public final class Statements {
    private static final int BATCH = 500;
    private static final int[] PLACES = {1, 10, 50, 200};

    private Statements() {}

    static Jdbi on(DataSource source) {
        var jdbi = Jdbi.create(source);
        // A transaction that could not be rolled back must not be committed by the end of its connection.
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
        var mappers = new ConcurrentHashMap<Class<?>, RowMapper<?>>();
        jdbi.getConfig(SqlStatements.class)
                .setQueryTimeout((int) DatabaseSchema.LIMIT.toSeconds())
                // An update and its insert have the same parameters, of which one may need fewer.
                .setUnusedBindingAllowed(true)
                // Values may be secret, and those of clients are theirs: neither recordings of Java Flight Recorder nor
                // messages have any. With less than this, Jdbi fails while there is a recording.
                .setJfrParamMaxLength(3);
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
        jdbi.registerArgument(new AbstractArgumentFactory<Instant>(Types.TIMESTAMP_WITH_TIMEZONE) {
                    @Override
                    protected Argument build(Instant time, ConfigRegistry config) {
                        return (at, statement, context) -> statement.setObject(at, time.atOffset(ZoneOffset.UTC));
                    }
                })
                .registerArgument(new AbstractArgumentFactory<UUID>(Types.VARCHAR) {
                    @Override
                    protected Argument build(UUID id, ConfigRegistry config) {
                        return (at, statement, context) -> statement.setString(at, id.toString());
                    }
                })
                .registerColumnMapper(Instant.class, (row, at, context) -> Optional.ofNullable(
                                row.getObject(at, OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant)
                        .orElse(null))
                .registerColumnMapper(UUID.class, (row, at, context) -> UUID.fromString(row.getString(at)))
                .registerRowMapper((RowMapperFactory) (type, config) -> GenericTypes.getErasedType(type)
                                .isRecord()
                        ? Optional.of(mappers.computeIfAbsent(GenericTypes.getErasedType(type), ConstructorMapper::of))
                        : Optional.empty());
        return jdbi;
    }

    /** True if the database has refused it with an SQL state of this class. */
    public static boolean hasState(JdbiException failed, String stateClass) {
        return Objects.requireNonNullElse(failure(failed).getSQLState(), "").startsWith(stateClass);
    }

    /** The exception of the driver; throws {@code failed} if there is none. */
    public static SQLException failure(JdbiException failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof SQLException known) {
                return known;
            }
        }
        throw failed;
    }

    /**
     * Executes it once for each row, whose methods without parameters are its parameters, in batches: the limit of a statement's
     * time is also that of a batch.
     *
     * @param rows of a public type
     * @param shared parameters that all rows have
     * @return how many rows of the table each has changed
     */
    public static int[] batch(Handle handle, String sql, Collection<?> rows, Map<String, ?> shared) {
        var changed = IntStream.builder();
        for (var part : parts(List.copyOf(rows), BATCH)) {
            try (var batch = handle.prepareBatch(sql)) {
                part.forEach(row -> batch.bindMethods(row).bindMap(shared).add());
                IntStream.of(batch.execute()).forEach(changed);
            }
        }
        return changed.build().toArray();
    }

    public static int[] batch(Handle handle, String sql, Collection<?> rows) {
        return batch(handle, sql, rows, Map.of());
    }

    /** Updates rows as {@link #batch} does, and inserts those that are not there yet. */
    public static void merge(Handle handle, String update, String insert, Collection<?> rows, Map<String, ?> shared) {
        var all = List.copyOf(rows);
        int[] updated = batch(handle, update, all, shared);
        var missing = IntStream.range(0, updated.length)
                .filter(i -> updated[i] == 0)
                .mapToObj(all::get)
                .toList();
        batch(handle, insert, missing, shared);
    }

    /**
     * The values of a list in a statement, of which the last is repeated: one text for each number of values would fill the caches
     * of Jdbi and of the driver.
     */
    public static <T> List<T> filled(Collection<T> values) {
        var all = List.copyOf(values);
        int places = IntStream.of(PLACES)
                .filter(each -> each >= all.size())
                .findFirst()
                .orElse(all.size());
        return IntStream.range(0, all.isEmpty() ? 0 : places)
                .mapToObj(i -> all.get(Math.min(i, all.size() - 1)))
                .toList();
    }

    /** The same values in their order, in lists of at most {@code most}. */
    public static <T> List<List<T>> parts(List<T> all, int most) {
        return IntStream.range(0, (all.size() + most - 1) / most)
                .mapToObj(i -> all.subList(i * most, Math.min(all.size(), (i + 1) * most)))
                .toList();
    }

    /** When the transaction began, by the database's clock, in whole microseconds. */
    public static Instant now(Handle handle) {
        return handle.select("SELECT CURRENT_TIMESTAMP")
                .mapTo(Instant.class)
                .one()
                .truncatedTo(ChronoUnit.MICROS);
    }
}
