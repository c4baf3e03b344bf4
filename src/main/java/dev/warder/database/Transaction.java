package dev.warder.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A handle on a connection in a transaction in which each statement reads what was committed before it; closing it rolls back what
 * is not committed. A statement that waited for the lock of a row reads that row as the other transaction has left it. Closing never
 * fails, so that what was committed before counts. Jdbi's own transactions would not commit on a connection that is in one from its
 * beginning, as those of some pools are. One thread at a time.
 *
 * @param automatic whether the connection commits each statement by itself, before and after this transaction
 * @param isolation the level of isolation that the connection has before and after this transaction
 */
public record Transaction(Handle handle, boolean automatic, int isolation) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

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
                    "a connection was not closed in order: {}", lost.getClass().getSimpleName());
        }
    }
}
