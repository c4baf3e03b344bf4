package dev.warder.testkit;

import com.zaxxer.hikari.HikariDataSource;
import dev.warder.database.DatabaseSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A database of a real PostgreSQL for each test. The server is one for all test classes of this JVM, which start it when
 * they need it; roles belong to the server, so that a test gives them names of its own. One thread at a time.
 */
public final class Postgres implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(Postgres.class);
    private static final String USER = "postgres";
    private static final String TEMPLATE = "prepared";
    private static final int CONNECTIONS = 60;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private Optional<EmbeddedPostgres> server = Optional.empty();
    private Optional<HikariDataSource> pool = Optional.empty();
    private String name = "";
    private final boolean empty;

    /** Whose databases have all tables: making them takes longer than most tests. */
    public Postgres() {
        this(false);
    }

    private Postgres(boolean empty) {
        this.empty = empty;
    }

    /** Whose databases have no tables yet. */
    public static Postgres empty() {
        return new Postgres(true);
    }

    /** Closed by JUnit after the last test. */
    private record Running(EmbeddedPostgres server) implements AutoCloseable {
        static Running start() {
            try {
                // What a test wrote need not survive the machine, and hundreds of databases live for seconds.
                var server = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("synchronous_commit", "off")
                        .setServerConfig("full_page_writes", "off")
                        .setServerConfig("wal_level", "minimal")
                        .setServerConfig("max_wal_senders", "0")
                        .setServerConfig("autovacuum", "off")
                        .setServerConfig("checkpoint_timeout", "1h")
                        .start();
                create(server, TEMPLATE, "");
                new DatabaseSchema(server.getDatabase(USER, TEMPLATE), DatabaseSchema.Tables.LEDGER).bringUpToDate();
                return new Running(server);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws SQLException {
        server = Optional.of(context.getRoot()
                .getStore(HERE)
                .computeIfAbsent(USER, none -> Running.start(), Running.class)
                .server());
        name = create();
    }

    /** Budgets must agree in its database. */
    @Override
    public void afterEach(ExtensionContext context) throws SQLException {
        try {
            BudgetCheck.agrees(database());
        } finally {
            pool.ifPresent(HikariDataSource::close);
            pool = Optional.empty();
        }
    }

    private EmbeddedPostgres server() {
        return server.orElseThrow(() -> new IllegalStateException("only while a test runs"));
    }

    private String create() throws SQLException {
        String fresh = "test" + NUMBERS.incrementAndGet();
        create(server(), fresh, empty ? "" : " TEMPLATE " + TEMPLATE);
        return fresh;
    }

    private static void create(EmbeddedPostgres server, String name, String like) throws SQLException {
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + like);
        }
    }

    /**
     * The database of this test, as a user who may do everything. Its connections are used again: a new one costs PostgreSQL a
     * process, and more time than most statements.
     */
    public DataSource database() {
        return pool.orElseGet(() -> {
            var opened = new HikariDataSource();
            opened.setDataSource(database(USER));
            opened.setMaximumPoolSize(CONNECTIONS);
            opened.setMinimumIdle(0);
            pool = Optional.of(opened);
            return opened;
        });
    }

    /** The database of this test, as another user, who needs no password. */
    public DataSource database(String user) {
        return server().getDatabase(user, name);
    }

    /** The JDBC URL of one more database, another one with each call. */
    public String anotherAddress() throws SQLException {
        return server().getJdbcUrl(USER, create());
    }
}
