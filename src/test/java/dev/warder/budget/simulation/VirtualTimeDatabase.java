package dev.warder.budget.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** An H2 in memory with one connection, whose {@code CURRENT_TIMESTAMP} is that of a virtual clock. One thread at a time. */
final class VirtualTimeDatabase implements AutoCloseable {
    private final Instant begin;
    private final VirtualClock clock;
    private final Connection connection;

    VirtualTimeDatabase(Instant begin, VirtualClock clock) throws SQLException {
        this.begin = begin;
        this.clock = clock;
        var real = new JdbcDataSource();
        real.setURL("jdbc:h2:mem:" + UUID.randomUUID());
        connection = real.getConnection();
    }

    DataSource source() {
        var open = (Connection) Proxy.newProxyInstance(
                VirtualTimeDatabase.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    if (method.getName().equals("prepareStatement")) {
                        arguments[0] = ((String) arguments[0]).replace("CURRENT_TIMESTAMP", now());
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
        return (DataSource) Proxy.newProxyInstance(
                VirtualTimeDatabase.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (self, method, arguments) -> open);
    }

    private String now() {
        return "TIMESTAMP WITH TIME ZONE '"
                + begin.plus(Duration.ofNanos(clock.now())).toString() + "'";
    }

    long number(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
