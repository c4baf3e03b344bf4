package dev.warder.ledger.lease;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database whose connections fail when a transaction is committed: before it is, or after it was. */
final class LostReplies {
    private final DataSource real;
    private final AtomicInteger before = new AtomicInteger();
    private final AtomicInteger after = new AtomicInteger();

    LostReplies(DataSource real) {
        this.real = real;
    }

    /** The next commits are not done. */
    void failBeforeCommits(int count) {
        before.set(count);
    }

    /** The next commits are done, and fail nevertheless. */
    void failAfterCommits(int count) {
        after.set(count);
    }

    DataSource source() {
        return (DataSource) Proxy.newProxyInstance(
                LostReplies.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, arguments) -> {
                    var result = method.invoke(real, arguments);
                    return result instanceof Connection connection ? failing(connection) : result;
                });
    }

    private Connection failing(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                LostReplies.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    boolean commits = method.getName().equals("commit");
                    if (commits) {
                        fail(before);
                    }
                    try {
                        var result = method.invoke(connection, arguments);
                        if (commits) {
                            fail(after);
                        }
                        return result;
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    private static void fail(AtomicInteger left) throws SQLException {
        if (left.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
            throw new SQLException("the connection is lost", "08006");
        }
    }
}
