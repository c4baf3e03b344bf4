package dev.warder.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class DatabaseCheckTest {
    private static final String URL = "jdbc:h2:mem:checked";

    private final AtomicLong now = new AtomicLong();

    @Test
    void doesNotRelyOnADatabaseThatWasNeverAsked() {
        assertThat(check(database()::getConnection).cause()).contains("jdbc/warder has not responded yet");
    }

    @Test
    void reliesOnADatabaseThatAnswersAndGivesItsConnectionsBack() throws SQLException {
        var given = new ArrayList<Connection>();
        var database = database();
        var check = check(() -> {
            var connection = database.getConnection();
            given.add(connection);
            return connection;
        });
        check.ask();
        check.ask();
        assertThat(check.cause()).isEmpty();
        assertThat(given).hasSize(2);
        for (var connection : given) {
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void tellsAFailureWithoutTheDriversWordsUntilItIsOver() {
        var database = database();
        database.setURL("jdbc:h2:mem:planted;IFEXISTS=TRUE");
        var check = check(database::getConnection);
        check.ask();
        assertThat(check.cause().orElseThrow())
                .startsWith("jdbc/warder gives no connection")
                .contains("90146")
                .doesNotContain("planted");
        database.setURL(URL);
        check.ask();
        assertThat(check.cause()).isEmpty();
    }

    @Test
    void knowsAConnectionThatIsNotValidAndAPoolThatFailsInItsOwnWay() throws SQLException {
        var closed = database().getConnection();
        closed.close();
        var dead = check(() -> closed);
        dead.ask();
        assertThat(dead.cause()).contains("jdbc/warder gives a connection that is not valid");
        var broken = check(() -> {
            throw new IllegalStateException("planted");
        });
        broken.ask();
        assertThat(broken.cause()).contains("jdbc/warder fails (IllegalStateException)");
    }

    /** H2 calls a connection valid whose database is closed, as it is after a disk was full. */
    @Test
    void knowsADatabaseThatIsClosedUnderItsConnection() {
        var closed = (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("setSavepoint")) {
                        throw new SQLException("planted", "90098");
                    }
                    return method.getName().equals("isValid") ? true : null;
                });
        var check = check(() -> closed);
        check.ask();
        assertThat(check.cause()).contains("jdbc/warder refuses transactions (SQL state 90098)");
    }

    @Test
    void takesAnErrorOfTheDriverForAnAnswer() {
        var broken = check(() -> {
            throw new ServiceConfigurationError("planted");
        });
        broken.ask();
        now.set(Duration.ofSeconds(6).toNanos());
        assertThat(broken.cause()).contains("jdbc/warder fails (ServiceConfigurationError)");
    }

    @Test
    void countsALongSilenceAsAFailureAndItsEndAsAnAnswer() throws Exception {
        var database = database();
        var hangs = new CountDownLatch(1);
        var asked = new CountDownLatch(1);
        var connections = new ArrayList<Callable<Connection>>(List.of(database::getConnection, () -> {
            asked.countDown();
            await(hangs);
            return database.getConnection();
        }));
        var check = check(() -> connections.remove(0).call());
        check.ask();
        var asker = new Thread(check::ask);
        asker.start();
        await(asked);
        now.set(Duration.ofSeconds(5).toNanos());
        assertThat(check.cause()).isEmpty();
        now.set(Duration.ofSeconds(6).toNanos());
        assertThat(check.cause()).contains("jdbc/warder does not respond");
        hangs.countDown();
        asker.join(10_000);
        assertThat(check.cause()).isEmpty();
    }

    private DatabaseCheck check(Callable<Connection> connections) {
        return new DatabaseCheck(connections, now::get);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private static JdbcDataSource database() {
        var database = new JdbcDataSource();
        database.setURL(URL);
        return database;
    }
}
