package dev.warder.admin;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database behind {@code jdbc/warder} answers: a thread that may wait asks it again and again, and others hear
 * what came of the last time, without waiting. A question without an answer counts against the database after a while, so
 * that one that hangs is as good as one that fails. Thread-safe, but asks one question at a time.
 */
public final class DatabaseCheck {
    /** Where connections come from, such as {@code DataSource::getConnection}. */
    @FunctionalInterface
    public interface Connections {
        /** A connection of its own for the caller, who closes it. */
        Connection open() throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseCheck.class);
    private static final String NAME = "jdbc/warder";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int VALID_SECONDS = 1;

    private final Connections connections;
    private final LongSupplier nanoTime;
    private volatile Optional<String> cause = Optional.of(NAME + " has not answered yet");
    private volatile OptionalLong asked = OptionalLong.empty();

    /** Asks nothing yet, and until it has, the database does not count as one that answers. */
    public DatabaseCheck(Connections connections, LongSupplier nanoTime) {
        this.connections = connections;
        this.nanoTime = nanoTime;
    }

    /** Asks the database, and waits for its answer for as long as the DataSource does. */
    public void ask() {
        asked = OptionalLong.of(nanoTime.getAsLong());
        var found = answer();
        if (!found.equals(cause)) {
            found.ifPresentOrElse(problem -> LOG.warn(problem), () -> LOG.info("{} answers", NAME));
        }
        cause = found;
        asked = OptionalLong.empty();
    }

    /** Why the database cannot be relied upon now, in words without an address or a user; empty when it can. */
    public Optional<String> cause() {
        var open = asked;
        boolean late = open.isPresent() && nanoTime.getAsLong() - open.getAsLong() > PATIENCE.toNanos();
        return late ? Optional.of(NAME + " does not answer") : cause;
    }

    private Optional<String> answer() {
        try (var connection = connections.open()) {
            return connection.isValid(VALID_SECONDS)
                    ? Optional.empty()
                    : Optional.of(NAME + " gives a connection that is not valid");
        } catch (SQLException failure) {
            return Optional.of(NAME + " gives no connection (SQL state " + failure.getSQLState() + ")");
        } catch (Throwable failure) {
            return Optional.of(NAME + " fails (" + failure.getClass().getSimpleName() + ")");
        }
    }
}
