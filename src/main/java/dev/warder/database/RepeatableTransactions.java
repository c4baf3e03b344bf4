package dev.warder.database;

import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Transactions that read what is committed, on tables that are brought up to date before. One that meets another one that
 * makes the same rows, or that the database ended for the sake of another one, is done again. A failure of the database reaches
 * callers as the {@link SQLException} that the driver threw, never as one of Jdbi's. Thread-safe.
 */
public final class RepeatableTransactions {
    private static final int ATTEMPTS = 3;

    private static final String UNKNOWN = "40003";

    private final DatabaseSchema schema;

    /**
     * The work of one transaction, which may be done several times.
     *
     * @param <T> the result
     * @param <E> what it throws besides the failures of the database, for which it is not repeated
     */
    @FunctionalInterface
    public interface Step<T, E extends Exception> {
        T with(Handle handle) throws SQLException, E;
    }

    public RepeatableTransactions(DataSource source, DatabaseSchema.Tables needed) {
        this(new DatabaseSchema(source, needed));
    }

    public RepeatableTransactions(DatabaseSchema schema) {
        this.schema = schema;
    }

    /**
     * Does a step and commits it. Waits for the database.
     *
     * @throws SQLException when the database fails; the step may have been committed
     */
    public <T, E extends Exception> T run(Step<T, E> step) throws SQLException, E {
        for (int attempt = 1; ; attempt++) {
            try {
                return this.<T, E>once(handle -> {
                    T result = step.with(handle);
                    handle.getConnection().commit();
                    return result;
                });
            } catch (SQLException failed) {
                if (attempt == ATTEMPTS || !mayBeRepeated(failed)) {
                    throw failed;
                }
            }
        }
    }

    /**
     * Does a step once, without a commit after it. Waits for the database.
     *
     * @throws SQLException when the database fails
     */
    public <T, E extends Exception> T once(Step<T, E> step) throws SQLException, E {
        try (var transaction = begin()) {
            return step.with(transaction.handle());
        } catch (JdbiException failed) {
            throw Statements.failure(failed);
        }
    }

    /**
     * Begins a transaction that commits nothing by itself. Waits for the database.
     *
     * @throws SQLException when the database fails; statements fail with exceptions of Jdbi, see {@link Statements#failure}
     */
    public Transaction begin() throws SQLException {
        schema.bringUpToDate();
        return Transaction.begin(schema.database());
    }

    /** A key that is there already (class 23), or a transaction that was ended for another one (class 40). */
    private static boolean mayBeRepeated(SQLException failed) {
        var state = Objects.requireNonNullElse(failed.getSQLState(), "");
        return state.startsWith("23") || state.startsWith("40") && !state.equals(UNKNOWN);
    }
}
