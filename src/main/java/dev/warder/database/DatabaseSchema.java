package dev.warder.database;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.config.TextFile;
import dev.warder.database.RepeatableTransactions.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of this application in the operator's database, updated before their first use, however many nodes start
 * at once. The table {@code warder_schema_history} records what was done. Thread-safe.
 */
public final class DatabaseSchema {
    /** How long an update may take, and how long a statement should be waited for. */
    public static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseSchema.class);
    private static final Duration INTERVAL = Duration.ofMillis(100);

    /** After a failure, which an administrator may have to end: each attempt is work for seconds, and refused statements. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /**
     * Held by the thread of this node that updates tables. Several parts of a node start at once, and Flyway waits a second
     * where two of them meet.
     */
    private static final Lock OF_NODE = new ReentrantLock();

    /**
     * Flyway waits a second after each attempt, so that many nodes that queue for its lock would exceed the limit. Without a
     * repetition each waits once, and then finds what another one has made.
     */
    private static final int LOCK_REPETITIONS = 0;

    private static final String TABLE = "warder_schema_history";

    /**
     * The number of successful updates to a version, in the schema where Flyway would keep the history: a name without a
     * schema may find the table of another installation.
     */
    private static final String UPDATED = "SELECT COUNT(*) FROM \"" + TABLE + "\" WHERE \"success\" AND \"version\" = ?"
            + " AND EXISTS (SELECT 1 FROM information_schema.tables"
            + " WHERE table_schema = CURRENT_SCHEMA AND table_name = '" + TABLE + "')";

    /** The checksums are those of the statements as versions before had them. */
    static final SqlMigration[] MIGRATIONS = {
        new SqlMigration("1", "create the table of tokens", 212_024_462),
        new SqlMigration("2", "create the tables of the ledger", -282_282_527),
        new SqlMigration("3", "create the table of usage", 1_189_534_523),
        new SqlMigration("4", "create the table of the policy", 1_275_052_054),
        new SqlMigration("5", "create the tables of budgets", -1_101_666_682),
        new SqlMigration("6", "add the owners of tokens to the table of the policy", -1_962_783_337),
        new SqlMigration("7", "create the tables of rate limits", 1_442_591_466),
        new SqlMigration("8", "create the tables of principals and their audit", 1_361_297_360),
        new SqlMigration("9", "create the tables of reconciliation", 1_048_658_115),
        new SqlMigration("10", "create the table of requests for higher limits", 1_128_465_741),
        new SqlMigration("11", "add the classes of requests to the tables of the ledger", -1_586_017_882)
    };

    /** The need of a caller. Later tables include the earlier ones. */
    public enum Tables {
        TOKENS("1"),
        /** The table of the policy's version, with the owners of tokens. */
        POLICY("6"),
        LIMITS("7"),
        INCREASES("10"),
        /** All that is done to the tables of the ledger: in H2, a table cannot be read while it gets a column. */
        LEDGER("11");

        private final String version;

        Tables(String version) {
            this.version = version;
        }
    }

    private final DataSource source;
    private final Jdbi database;
    private final Tables needed;
    private final LongSupplier nanoTime;
    private final Consumer<Duration> pause;
    private final Lock updating;

    @GuardedBy("this")
    private boolean current;

    @GuardedBy("this")
    private long tryAt;

    public DatabaseSchema(DataSource source, Tables needed) {
        this(source, needed, System::nanoTime, time -> LockSupport.parkNanos(time.toNanos()));
    }

    /**
     * With another clock.
     *
     * @param pause waits about as long as its argument; a thread that is interrupted does not wait
     */
    public DatabaseSchema(DataSource source, Tables needed, LongSupplier nanoTime, Consumer<Duration> pause) {
        this(source, needed, nanoTime, pause, OF_NODE);
    }

    /**
     * As part of another node.
     *
     * @param updating held by the thread of the node that updates tables
     */
    DatabaseSchema(DataSource source, Tables needed, LongSupplier nanoTime, Consumer<Duration> pause, Lock updating) {
        this.source = source;
        this.database = Statements.on(source);
        this.needed = needed;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.updating = updating;
        this.tryAt = nanoTime.getAsLong();
    }

    /**
     * Tries for {@link #LIMIT}, and at least once unless another thread of this node does so all the time, besides the
     * waits for connections. For 10 s after a failure a call only looks whether others have made the tables.
     *
     * @throws SchemaException when the tables cannot be brought up to date
     * @throws SQLException when there is no connection
     */
    public synchronized void bringUpToDate() throws SQLException {
        if (current) {
            return;
        }
        long start = nanoTime.getAsLong();
        boolean tries = start - tryAt >= 0;
        while (!isUpToDate() && !(tries && migrated())) {
            if (!tries) {
                throw new SchemaException();
            }
            long now = nanoTime.getAsLong();
            if (now - start >= LIMIT.toNanos() || Thread.currentThread().isInterrupted()) {
                tryAt = now + PAUSE.toNanos();
                throw new SchemaException();
            }
            pause.accept(INTERVAL);
        }
        current = true;
    }

    /**
     * Whether all tables that are needed are there. Flyway would report the same, but its start takes longer than this.
     *
     * @throws SQLException when there is no connection
     */
    private boolean isUpToDate() throws SQLException {
        try (var transaction = Transaction.begin(database)) {
            return transaction
                            .handle()
                            .select(UPDATED, needed.version)
                            .mapTo(int.class)
                            .one()
                    == 1;
        } catch (JdbiException failed) {
            // Payara reports a table that is missing without a state.
            if (Statements.hasState(failed, "08")) {
                throw Statements.failure(failed);
            }
            return false;
        }
    }

    Jdbi database() {
        return database;
    }

    /** Fails while another thread or node updates the tables, and once when two nodes make the history. */
    private boolean migrated() throws SQLException {
        if (!updating.tryLock()) {
            return false;
        }
        try {
            if (!isUpToDate()) {
                migrate();
            }
            return true;
        } catch (RuntimeException failed) {
            LOG.debug("a migration failed: {}", failed.getClass().getSimpleName());
            return false;
        } finally {
            updating.unlock();
        }
    }

    private void migrate() {
        var schema = Flyway.configure(DatabaseSchema.class.getClassLoader())
                // None: messages contain the database's address, in which drivers accept passwords. The exceptions
                // report how a migration ended.
                .loggers(new String[0])
                .dataSource(source)
                .table(TABLE)
                // The migrations are named, because not every server allows a search of the class path.
                .locations(new String[0])
                .javaMigrations(MIGRATIONS)
                .target(needed.version)
                // The schema may hold tables of other applications.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .connectRetries(0)
                .lockRetryCount(LOCK_REPETITIONS)
                .load();
        try {
            schema.migrate();
        } catch (FlywayValidateException failedBefore) {
            // In H2, statements that make tables are outside the transaction, so that a failure stays in the history
            // until it is repaired.
            schema.repair();
            schema.migrate();
        }
    }

    /**
     * A version of the tables, by the same statements for every database: those of the resource {@code NUMBER.sql}, where a line that
     * begins with two hyphens is a comment, and a semicolon ends a line and a statement. It never changes: what is different later is
     * the next version. Immutable.
     *
     * @param number of the version
     * @param checksum by which the history of a database knows it
     */
    record SqlMigration(String number, String description, int checksum) implements JavaMigration {
        private static final Pattern COMMENT = Pattern.compile("(?m)^--.*$");

        @Override
        public MigrationVersion getVersion() {
            return MigrationVersion.fromVersion(number);
        }

        @Override
        public String getDescription() {
            return description;
        }

        @Override
        public Integer getChecksum() {
            return checksum;
        }

        @Override
        public boolean canExecuteInTransaction() {
            return true;
        }

        @Override
        public void migrate(Context context) throws SQLException {
            try (var statement = context.getConnection().createStatement()) {
                for (var each : statements()) {
                    statement.execute(each);
                }
            }
        }

        List<String> statements() {
            var text = TextFile.of(SqlMigration.class, number.concat(".sql"));
            return List.of(COMMENT.matcher(text).replaceAll("").strip().split(";\\s*(\n|$)"));
        }
    }

    /** The tables could not be brought up to date in time, although the database responds. */
    public static final class SchemaException extends SQLException {
        public static final String TEXT = "the tables in jdbc/warder cannot be brought up to date";

        SchemaException() {
            super(TEXT);
        }
    }
}
