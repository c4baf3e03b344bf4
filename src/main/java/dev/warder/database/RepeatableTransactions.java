package dev.warder.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /**
     * A handle on a connection in a transaction in which each statement reads what was committed before it; closing it rolls back
     * what is not committed. A statement that waited for the lock of a row reads that row as the other transaction has left it.
     * Closing never fails, so that what was committed before counts. Jdbi's own transactions would not commit on a connection
     * that is in one from its beginning, as those of some pools are. One thread at a time.
     *
     * @param automatic whether the connection commits each statement by itself, before and after this transaction
     * @param isolation the level of isolation that the connection has before and after this transaction
     */
    public record Transaction(Handle handle, boolean automatic, int isolation) implements AutoCloseable {
        private static final Logger LOG = LoggerFactory.getLogger(RepeatableTransactions.class);

        /**
         * Begins a transaction.
         *
         * @throws SQLException when there is no usable connection
         */
        static Transaction begin(Jdbi database) throws SQLException {
            Handle handle;
            try {
                handle = database.open();
            } catch (JdbiException unreachable) {
                throw Statements.failure(unreachable);
            }
            try {
                var connection = handle.getConnection();
                int isolation = connection.getTransactionIsolation();
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                }
                boolean automatic = connection.getAutoCommit();
                connection.setAutoCommit(false);
                return new Transaction(handle, automatic, isolation);
            } catch (SQLException unusable) {
                giveBack(handle);
                throw unusable;
            }
        }

        @Override
        public void close() {
            var connection = handle.getConnection();
            try {
                connection.rollback();
                connection.setAutoCommit(automatic);
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    connection.setTransactionIsolation(isolation);
                }
            } catch (SQLException lost) {
                LOG.debug("a transaction was not ended in order (SQL state {})", lost.getSQLState());
            } finally {
                giveBack(handle);
            }
        }

        private static void giveBack(Handle handle) {
            try {
                handle.close();
            } catch (JdbiException lost) {
                LOG.debug(
                        "a connection was not closed in order: {}",
                        lost.getClass().getSimpleName());
            }
        }
    }
}
