package dev.warder.oauth;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A database of which nobody waits longer than a limit for a connection or an answer: pools may wait for ever for a
 * connection, and drivers for a database that took the connection and died. A connection that comes too late is closed,
 * and as long as one is missing no other is asked for. Thread-safe.
 */
public final class LimitedSource implements DataSource {
    /** Longer than the limit of a statement, which says more about what was wrong and keeps the connection. */
    private static final Duration LIMIT = Patience.LIMIT.plusSeconds(1);

    private final DataSource source;
    private final ThreadFactory threads;
    private final Duration limit;
    private final AtomicBoolean asking = new AtomicBoolean();

    /**
     * Limits {@code source} to 6 s.
     *
     * @param threads makes a thread for each connection, which ends when that is there
     */
    public LimitedSource(DataSource source, ThreadFactory threads) {
        this(source, threads, LIMIT);
    }

    /** @param limit for a connection, and for each answer of the database */
    LimitedSource(DataSource source, ThreadFactory threads, Duration limit) {
        this.source = source;
        this.threads = threads;
        this.limit = limit;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return await(() -> source.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return await(() -> source.getConnection(user, password));
    }

    /** Something that gives a connection, after a while. */
    private interface Way {
        Connection connection() throws SQLException;
    }

    private Connection await(Way way) throws SQLException {
        if (!asking.compareAndSet(false, true)) {
            throw new SQLTimeoutException("the connection asked for before has not come", "08001");
        }
        var answer = new CompletableFuture<Connection>();
        var thread = threads.newThread(() -> ask(way, answer));
        thread.start();
        try {
            return limited(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException failed) {
            throw failure(failed);
        } catch (TimeoutException late) {
            giveUp(thread, answer);
            throw new SQLTimeoutException("no connection in time", "08001");
        } catch (InterruptedException stop) {
            giveUp(thread, answer);
            Thread.currentThread().interrupt();
            throw new SQLException("not waited for", "08001");
        }
    }

    private void ask(Way way, CompletableFuture<Connection> answer) {
        try {
            var connection = way.connection();
            asking.set(false);
            if (!answer.complete(connection)) {
                connection.close();
            }
        } catch (SQLException | RuntimeException | Error failed) {
            asking.set(false);
            answer.completeExceptionally(failed);
        }
    }

    /** Pools end their waiting when they are interrupted; sockets do not. */
    private static void giveUp(Thread thread, CompletableFuture<Connection> answer) {
        if (answer.cancel(false)) {
            thread.interrupt();
        } else if (!answer.isCompletedExceptionally()) {
            close(answer.join());
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException lost) {
            // Nobody wants it.
        }
    }

    private Connection limited(Connection connection) {
        try {
            connection.setNetworkTimeout(Runnable::run, (int) limit.toMillis());
        } catch (SQLException | UnsupportedOperationException | LinkageError without) {
            // A database in this process has no network, and a driver may be older than this method.
        }
        return connection;
    }

    private static SQLException failure(ExecutionException failed) {
        return failed.getCause() instanceof SQLException known
                ? known
                : new SQLException("no connection", "08001", failed);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return source.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        source.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        source.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return source.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return source.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return source.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return source.isWrapperFor(type);
    }
}
