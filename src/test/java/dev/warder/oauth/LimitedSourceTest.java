package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.database.LimitedSource;
import dev.warder.oauth.TokenStore.TokenStoreException;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Postgres;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(60)
class LimitedSourceTest {
    /** For what never comes. */
    private static final Duration SHORT = Duration.ofMillis(500);

    /** For a database that works, before something else never comes. */
    private static final Duration LIMIT = Limit.millis(500);

    /** For what comes. */
    private static final Duration LONG = Limit.seconds(10);

    @RegisterExtension
    private final Postgres postgres = Postgres.empty();

    private static LimitedSource limited(DataSource source, Duration limit) {
        return new LimitedSource(
                source,
                task -> {
                    var thread = new Thread(task, "limited-source-test");
                    thread.setDaemon(true);
                    return thread;
                },
                limit);
    }

    private static JdbcTokenStore store(DataSource source) {
        return new JdbcTokenStore(source, "first", Logins.PLAIN, Logins.hurried());
    }

    @Test
    void givesUpADatabaseThatTakesTheConnectionAndSaysNothing() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var source = new PGSimpleDataSource();
            source.setServerNames(new String[] {"127.0.0.1"});
            source.setPortNumbers(new int[] {silent.getLocalPort()});
            assertThatThrownBy(store(limited(source, SHORT))::read)
                    .isInstanceOf(TokenStoreException.class)
                    .hasMessageEndingWith("the database fails (SQL state 08001)");
        }
    }

    @Test
    void givesUpAStatementThatIsNotAnswered() throws Exception {
        try (var connection = limited(postgres.database(), LIMIT).getConnection();
                var statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(40)")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void waitsForNoMigrationOfAnotherNodeThatHangs() throws Exception {
        var database = postgres.database();
        try (var other = database.getConnection();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("CREATE TABLE \"warder_schema_history\" (hangs INT)");
            assertThatThrownBy(store(limited(database, LIMIT))::read)
                    .isInstanceOf(TokenStoreException.class)
                    .hasMessage("the tables in jdbc/warder cannot be brought up to date");
        }
    }

    @Test
    void closesAConnectionThatComesTooLateAndAsksForNoOtherMeanwhile() throws Exception {
        var free = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        var asked = new AtomicInteger();
        var source = limited(slow(asked, free, closed), LIMIT);
        assertThatThrownBy(source::getConnection)
                .isInstanceOf(SQLException.class)
                .hasMessage("no connection in time");
        assertThatThrownBy(source::getConnection)
                .isInstanceOf(SQLException.class)
                .hasMessage("the connection asked for before has not come");
        assertThat(asked).hasValue(1);
        free.countDown();
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        source.getConnection().close();
        assertThat(asked).hasValue(2);
    }

    @Test
    void asksAgainAfterAThreadThatCouldNotStart() throws Exception {
        var attempts = new AtomicInteger();
        var source = new LimitedSource(
                postgres.database(),
                task -> {
                    if (attempts.getAndIncrement() == 0) {
                        throw new OutOfMemoryError("no memory for a thread");
                    }
                    return new Thread(task, "limited-source-test");
                },
                LONG);
        assertThatThrownBy(source::getConnection).isInstanceOf(OutOfMemoryError.class);
        source.getConnection().close();
        assertThat(attempts).hasValue(2);
    }

    /** Threads of one part share a source: the second one must not take the database for lost. */
    @Test
    void callersAtTheSameTimeWaitForEachOther() throws Exception {
        var free = new CountDownLatch(1);
        var asked = new AtomicInteger();
        var source = new LimitedSource(slow(asked, free, new CountDownLatch(0)), Thread::new, Duration.ofSeconds(20));
        var connections = new LinkedBlockingQueue<Object>();
        var callers = Stream.generate(() -> new Thread(() -> connections.add(outcome(source))))
                .limit(3)
                .toList();
        callers.forEach(Thread::start);
        while (callers.stream().anyMatch(each -> each.isAlive() && each.getState() != Thread.State.TIMED_WAITING)) {
            Thread.onSpinWait();
        }
        free.countDown();
        for (var each : callers) {
            assertThat(connections.poll(30, TimeUnit.SECONDS)).as("for " + each).isInstanceOf(Connection.class);
        }
        assertThat(asked).hasValue(3);
    }

    private static Object outcome(DataSource source) {
        try {
            return source.getConnection();
        } catch (SQLException failed) {
            return failed;
        }
    }

    /** A database whose connections come when {@code free} is open, whatever interrupts the waiting. */
    private static DataSource slow(AtomicInteger asked, CountDownLatch free, CountDownLatch closed) {
        Connection connection = proxy(Connection.class, method -> {
            if (method.equals("close")) {
                closed.countDown();
            }
            return Optional.empty();
        });
        return proxy(DataSource.class, method -> {
            asked.incrementAndGet();
            awaitAnyway(free);
            return Optional.of(connection);
        });
    }

    private static <T> T proxy(Class<T> type, Function<String, Optional<Object>> calls) {
        var loader = LimitedSourceTest.class.getClassLoader();
        return type.cast(Proxy.newProxyInstance(
                loader, new Class<?>[] {type}, (self, method, arguments) -> calls.apply(method.getName())
                        .orElse(null)));
    }

    private static void awaitAnyway(CountDownLatch free) {
        boolean open = false;
        while (!open) {
            try {
                open = free.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException ignored) {
                // A socket would not hear it either.
            }
        }
    }
}
