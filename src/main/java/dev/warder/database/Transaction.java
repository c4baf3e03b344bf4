package dev.warder.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection in a transaction; closing it rolls back what is not committed. Closing never fails, so that what was
 * committed before counts. One thread at a time.
 *
 * @param automatic whether the connection commits each statement by itself, before and after this transaction
 * @param isolation the level of isolation that the connection has before and after this transaction, a constant of {@link
 *     Connection}; empty if this transaction has the same
 */
public record Transaction(Connection connection, boolean automatic, OptionalInt isolation) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    /**
     * Begins a transaction at the database's usual level of isolation, which is to read what is committed.
     *
     * @throws SQLException when there is no usable connection
     */
    public static Transaction begin(DataSource source) throws SQLException {
        return begin(source, false);
    }

    /**
     * Begins a transaction in which each statement reads what was committed before it. A statement that waited for the lock of
     * a row reads that row as the other transaction has left it.
     *
     * @throws SQLException when there is no usable connection
     */
    public static Transaction readCommitted(DataSource source) throws SQLException {
        return begin(source, true);
    }

    private static Transaction begin(DataSource source, boolean readsCommitted) throws SQLException {
        var connection = source.getConnection();
        try {
            boolean automatic = connection.getAutoCommit();
            int usual = readsCommitted ? connection.getTransactionIsolation() : Connection.TRANSACTION_READ_COMMITTED;
            var changed = OptionalInt.empty();
            if (usual != Connection.TRANSACTION_READ_COMMITTED) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                changed = OptionalInt.of(usual);
            }
            connection.setAutoCommit(false);
            return new Transaction(connection, automatic, changed);
        } catch (SQLException unusable) {
            giveBack(connection);
            throw unusable;
        }
    }

    @Override
    public void close() {
        try {
            connection.rollback();
            connection.setAutoCommit(automatic);
            if (isolation.isPresent()) {
                connection.setTransactionIsolation(isolation.getAsInt());
            }
        } catch (SQLException lost) {
            LOG.debug("a transaction was not ended in order (SQL state {})", lost.getSQLState());
        } finally {
            giveBack(connection);
        }
    }

    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException lost) {
            LOG.debug("a connection was not closed in order (SQL state {})", lost.getSQLState());
        }
    }
}
