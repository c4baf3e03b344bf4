package dev.warder.quota.budget.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/**
 * An H2 in memory with one connection, whose {@code CURRENT_TIMESTAMP} is that of a virtual clock. Statements are parsed once,
 * which is most of the work otherwise. One thread at a time.
 */
public final class VirtualTimeDatabase implements AutoCloseable {
    /** H2 calls a static method. */
    private static final Map<String, VirtualTimeDatabase> OPEN = new ConcurrentHashMap<>();

    /** H2 parses all statements again after each change of a setting, such as the limit of time. */
    private static final Set<String> LEFT_OUT = Set.of("close", "setQueryTimeout");

    private final String name = UUID.randomUUID().toString();
    private final Instant begin;
    private final VirtualClock clock;
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    VirtualTimeDatabase(Instant begin, VirtualClock clock) throws SQLException {
        this.begin = begin;
        this.clock = clock;
        var real = new JdbcDataSource();
        real.setURL("jdbc:h2:mem:" + name);
        connection = real.getConnection();
        OPEN.put(name, this);
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE ALIAS virtual_now FOR '" + VirtualTimeDatabase.class.getName() + ".now'");
        }
    }

    /** Called by H2. */
    public static OffsetDateTime now(String name) {
        var database = Objects.requireNonNull(OPEN.get(name));
        return database.begin.plus(Duration.ofNanos(database.clock.now())).atOffset(ZoneOffset.UTC);
    }

    DataSource source() {
        var open = proxy(Connection.class, (method, arguments) -> switch (method.getName()) {
            case "close" -> null;
            case "prepareStatement" -> prepared((String) arguments[0]);
            default -> method.invoke(connection, arguments);
        });
        return proxy(DataSource.class, (method, arguments) -> open);
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        var known = statements.get(sql);
        if (known == null) {
            var real = connection.prepareStatement(sql.replace("CURRENT_TIMESTAMP", "virtual_now('" + name + "')"));
            known = proxy(
                    PreparedStatement.class,
                    (method, arguments) -> LEFT_OUT.contains(method.getName()) ? null : method.invoke(real, arguments));
            statements.put(sql, known);
        }
        return known;
    }

    private interface Call {
        @Nullable
        Object of(Method method, Object[] arguments) throws ReflectiveOperationException, SQLException;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        var proxy = Proxy.newProxyInstance(
                VirtualTimeDatabase.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return call.of(method, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
        return type.cast(proxy);
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
        OPEN.remove(name);
        connection.close();
    }
}
