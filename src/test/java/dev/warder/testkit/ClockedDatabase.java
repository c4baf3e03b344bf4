package dev.warder.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.InstantSource;
import javax.sql.DataSource;

/** A database whose {@code CURRENT_TIMESTAMP} in prepared statements is the time of a test's clock. Thread-safe. */
public final class ClockedDatabase {
    private ClockedDatabase() {}

    public static DataSource of(DataSource database, InstantSource clock) {
        return proxy(DataSource.class, database, clock);
    }

    private static <T> T proxy(Class<T> type, T real, InstantSource clock) {
        var loader = ClockedDatabase.class.getClassLoader();
        return type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, (self, method, arguments) -> {
            if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
                String time = "TIMESTAMP WITH TIME ZONE '" + clock.instant() + "'";
                arguments[0] = sql.replace("CURRENT_TIMESTAMP", time);
            }
            try {
                var result = method.invoke(real, arguments);
                return result instanceof Connection connection ? proxy(Connection.class, connection, clock) : result;
            } catch (InvocationTargetException failed) {
                throw failed.getCause();
            }
        }));
    }
}
