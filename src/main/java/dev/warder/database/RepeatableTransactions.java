package dev.warder.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Transactions that read what is committed, on tables that are brought up to date before. One that meets another one that
 * makes the same rows, or that the database ended for the sake of another one, is done again. Thread-safe.
 */
public final class RepeatableTransactions {
    private static final int ATTEMPTS = 3;

    private static final String UNKNOWN = "40003";

    private final DataSource source;
    private final DatabaseSchema schema;

    /**
     * The work of one transaction, which may be done several times.
     *
     * @param <T> the result
     * @param <E> what it throws besides the failures of the database, for which it is not repeated
     */
    @FunctionalInterface
    public interface Step<T, E extends Exception> {
        T with(Connection connection) throws SQLException, E;
    }

    public RepeatableTransactions(DataSource source, DatabaseSchema.Tables needed) {
        this.source = source;
        this.schema = new DatabaseSchema(source, needed);
    }

    /**
     * Does a step and commits it. Waits for the database.
     *
     * @throws SQLException when the database fails; the step may have been committed
     */
    public <T, E extends Exception> T run(Step<T, E> step) throws SQLException, E {
        schema.bringUpToDate();
        for (int attempt = 1; ; attempt++) {
            try (var transaction = Transaction.readCommitted(source)) {
                T result = step.with(transaction.connection());
                transaction.connection().commit();
                return result;
            } catch (SQLException failed) {
                if (attempt == ATTEMPTS || !mayBeRepeated(failed)) {
                    throw failed;
                }
            }
        }
    }

    /** A key that is there already (class 23), or a transaction that was ended for another one (class 40). */
    private static boolean mayBeRepeated(SQLException failed) {
        var state = Objects.requireNonNullElse(failed.getSQLState(), "");
        return state.startsWith("23") || state.startsWith("40") && !state.equals(UNKNOWN);
    }
}
