package dev.warder.database;

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
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A database for which no thread waits longer than a limit for a connection or a response. Pools may wait forever for a
 * connection, and drivers for a database that accepted the connection and died. A connection that arrives too late is
 * closed, and while one is outstanding no other is requested. Thread-safe.
 */
public final class LimitedSource implements DataSource {
    /** Longer than the limit of a statement, which gives more details of the fault and keeps the connection. */
    private static final Duration LIMIT = DatabaseSchema.LIMIT.plusSeconds(1);

    private final DataSource source;
    private final ThreadFactory threads;
    private final Duration limit;
    private final AtomicBoolean asking = new AtomicBoolean();

    /** Held by the caller that waits for a connection. The others wait for it, and do not fail because it is their turn later. */
    private final Lock turn = new ReentrantLock();

    /**
     * Limits {@code source} to 6 s.
     *
     * @param threads makes a thread for each connection, which ends when the connection is there
     */
    public LimitedSource(DataSource source, ThreadFactory threads) {
        this(source, threads, LIMIT);
    }

    public LimitedSource(DataSource source, ThreadFactory threads, Duration limit) {
        this.source = source;
        this.threads = threads;
        this.limit = limit;
    }

    @Override
    public Connection getConnection() throws SQLException {
        takeTurn(turn, limit);
        try {
            return awaitAlone();
        } finally {
            turn.unlock();
        }
    }

    /** Not needed: the server has the user and the password. */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the connections of this source have one user");
    }

    /**
     * Takes a lock, which the caller must unlock.
     *
     * @throws SQLException if that is not possible in this time
     */
    public static void takeTurn(Lock turn, Duration limit) throws SQLException {
        try {
            if (!turn.tryLock(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLTimeoutException("others wait for the database", "08001");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new SQLException("not waited for", "08001");
        }
    }

    private Connection awaitAlone() throws SQLException {
        if (!asking.compareAndSet(false, true)) {
            throw new SQLTimeoutException("the connection asked for before has not come", "08001");
        }
        var opened = new CompletableFuture<Connection>();
        var thread = started(() -> ask(opened));
        try {
            return limited(opened.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException failed) {
            throw failure(failed);
        } catch (TimeoutException late) {
            giveUp(thread, opened);
            throw new SQLTimeoutException("no connection in time", "08001");
        } catch (InterruptedException stop) {
            giveUp(thread, opened);
            Thread.currentThread().interrupt();
            throw new SQLException("not waited for", "08001");
        }
    }

    /** Without memory for a thread nothing is asked for, and the next caller may try. */
    private Thread started(Runnable task) {
        try {
            var thread = threads.newThread(task);
            thread.start();
            return thread;
        } catch (RuntimeException | Error none) {
            asking.set(false);
            throw none;
        }
    }

    private void ask(CompletableFuture<Connection> opened) {
        try {
            var connection = source.getConnection();
            asking.set(false);
            if (!opened.complete(connection)) {
                connection.close();
            }
        } catch (SQLException | RuntimeException | Error failed) {
            asking.set(false);
            opened.completeExceptionally(failed);
        }
    }

    private static void giveUp(Thread thread, CompletableFuture<Connection> opened) {
        if (opened.cancel(false)) {
            thread.interrupt();
        } else if (!opened.isCompletedExceptionally()) {
            close(opened.join());
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException lost) {
            // No thread waits for it.
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
