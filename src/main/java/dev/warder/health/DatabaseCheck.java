package dev.warder.health;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The check that the database of {@code jdbc/warder} responds. A thread that may wait checks it repeatedly; other threads
 * read the last result without waiting. A check that takes too long counts as a failure, so that a database that hangs is
 * treated like one that fails. Thread-safe, but only one check runs at a time.
 */
public final class DatabaseCheck {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseCheck.class);
    private static final String NAME = "jdbc/warder";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int VALID_SECONDS = 1;

    private final Callable<Connection> connections;
    private final LongSupplier nanoTime;
    private volatile Optional<String> cause = Optional.of(NAME + " has not responded yet");
    private volatile OptionalLong asked = OptionalLong.empty();

    /** Creates a check that has not run yet. Until the first run ends, the database counts as one that does not respond. */
    public DatabaseCheck(Callable<Connection> connections, LongSupplier nanoTime) {
        this.connections = connections;
        this.nanoTime = nanoTime;
    }

    /** Checks the database, and waits for its response for as long as the DataSource does. */
    public void ask() {
        asked = OptionalLong.of(nanoTime.getAsLong());
        var found = problem();
        if (!found.equals(cause)) {
            found.ifPresentOrElse(problem -> LOG.warn(problem), () -> LOG.info("{} responds", NAME));
        }
        cause = found;
        asked = OptionalLong.empty();
    }

    public Optional<String> cause() {
        var open = asked;
        boolean late = open.isPresent() && nanoTime.getAsLong() - open.getAsLong() > LIMIT.toNanos();
        return late ? Optional.of(NAME + " does not respond") : cause;
    }

    private Optional<String> problem() {
        try (var connection = connections.call()) {
            if (!connection.isValid(VALID_SECONDS)) {
                return Optional.of(NAME + " gives a connection that is not valid");
            }
            return refusalOfTransaction(connection);
        } catch (SQLException failure) {
            return Optional.of(NAME + " gives no connection (SQL state " + failure.getSQLState() + ")");
        } catch (Throwable failure) {
            return Optional.of(NAME + " fails (" + failure.getClass().getSimpleName() + ")");
        }
    }

    /** H2 calls connections valid whose file is closed, and answers {@code SELECT 1} there. */
    private static Optional<String> refusalOfTransaction(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            connection.setSavepoint();
            connection.rollback();
            return Optional.empty();
        } catch (SQLException failure) {
            return Optional.of(NAME + " refuses transactions (SQL state " + failure.getSQLState() + ")");
        } finally {
            connection.setAutoCommit(true);
        }
    }
}
