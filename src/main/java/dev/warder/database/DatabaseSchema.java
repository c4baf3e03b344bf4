package dev.warder.database;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
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

    /** The need of a caller. Later tables include the earlier ones. */
    public enum Tables {
        TOKENS("1"),
        LEDGER("3"),
        /** The tables of budgets too, in which the ledger's rows are charged. */
        BUDGETS("5"),
        /** The table of the policy's version too, with the owners of tokens. */
        POLICY("6"),
        LIMITS("7"),
        PRINCIPALS("8"),
        RECONCILIATION("9"),
        INCREASES("10");

        private final String version;

        Tables(String version) {
            this.version = version;
        }
    }

    private final DataSource source;
    private final Tables needed;
    private final LongSupplier nanoTime;
    private final Consumer<Duration> pause;
    private final Lock updating;

    @GuardedBy("this")
    private boolean current;

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
        this.needed = needed;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.updating = updating;
    }

    /**
     * Tries for {@link #LIMIT}, and at least once unless another thread of this node does so all the time, besides the
     * waits for connections; after a failure the next call tries again.
     *
     * @throws SchemaException when the tables cannot be brought up to date
     * @throws SQLException when there is no connection
     */
    public synchronized void bringUpToDate() throws SQLException {
        if (current) {
            return;
        }
        long end = nanoTime.getAsLong() + LIMIT.toNanos();
        while (!isUpToDate() && !migrated()) {
            if (nanoTime.getAsLong() - end >= 0 || Thread.currentThread().isInterrupted()) {
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
        try (var transaction = Transaction.begin(source)) {
            return isUpdated(transaction.connection());
        }
    }

    private boolean isUpdated(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(UPDATED)) {
            statement.setQueryTimeout((int) LIMIT.toSeconds());
            statement.setString(1, needed.version);
            try (var row = statement.executeQuery()) {
                return row.next() && row.getInt(1) == 1;
            }
        } catch (SQLException failed) {
            if (isLost(failed.getSQLState())) {
                throw failed;
            }
            return false;
        }
    }

    /** Whether the connection is lost. Payara reports a table that is missing without a state. */
    private static boolean isLost(@Nullable String state) {
        return state != null && state.startsWith("08");
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
                // The migrations are classes, because not every server allows a search of the class path.
                .locations(new String[0])
                .javaMigrations(
                        CreateTokenTable.migration(),
                        CreateLedgerTables.migration(),
                        CreateUsageTable.migration(),
                        CreatePolicyTable.migration(),
                        CreateBudgetTables.migration(),
                        AddPolicyOwners.migration(),
                        CreateLimitTables.migration(),
                        CreatePrincipalTables.migration(),
                        CreateReconciliationTables.migration(),
                        CreateIncreaseTable.migration())
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
     * Version 6 of the tables, the same statements for every database. It never changes: later changes are version 7.
     *
     * <p>{@code warder_policy} gets {@code owners}, which has a line for each access token with its name and that of its
     * client in
     * the version that is the highest, and {@code owners_of}, the SHA-256 of that version's file. An older release changes
     * neither, so that the two SHA-256 differ after it has used a higher version.
     */
    static final class AddPolicyOwners {
        private static final String OWNERS_OF =
                "ALTER TABLE warder_policy ADD COLUMN IF NOT EXISTS owners_of VARCHAR(64) DEFAULT '' NOT NULL";

        private static final String OWNERS =
                "ALTER TABLE warder_policy ADD COLUMN IF NOT EXISTS owners TEXT DEFAULT '' NOT NULL";

        private AddPolicyOwners() {}

        static SqlMigration migration() {
            return new SqlMigration(
                    "6",
                    "add the owners of tokens to the table of the policy",
                    (OWNERS_OF + OWNERS).hashCode(),
                    List.of(OWNERS_OF, OWNERS));
        }
    }

    /**
     * Version 10 of the tables, the same statements for every database. It never changes: later changes are version 11.
     *
     * <p>{@code warder_increase_request} has the requests of clients for higher spend limits. {@code pending} is TRUE
     * for one that no
     * administrator has decided about, and NULL afterwards, so that a client has at most one of a period that is pending.
     */
    static final class CreateIncreaseTable {
        private static final String REQUEST =
                """
                CREATE TABLE IF NOT EXISTS warder_increase_request (
                    number BIGINT NOT NULL PRIMARY KEY,
                    client VARCHAR(64) NOT NULL,
                    budget_period VARCHAR(16) NOT NULL,
                    asked_cents BIGINT,
                    reason VARCHAR(500) NOT NULL,
                    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
                    pending BOOLEAN,
                    granted_cents BIGINT,
                    resolved_at TIMESTAMP WITH TIME ZONE,
                    resolved_by VARCHAR(200),
                    UNIQUE (client, budget_period, pending)
                )
                """;

        private static final List<String> ALL = List.of(REQUEST);

        private CreateIncreaseTable() {}

        static SqlMigration migration() {
            return new SqlMigration("10", "create the table of requests for higher limits", ALL.hashCode(), ALL);
        }
    }

    /**
     * Version 7 of the tables, the same statements for every database. It never changes: later changes are version 8.
     *
     * <p>{@code warder_limit} has what was left of each limit for a minute at {@code filled_at}; a limit without a row
     * is unused. {@code warder_limit_slot} has how many requests each node may run at the same time, and {@code
     * warder_limit_node} when each start of a node was last seen.
     */
    static final class CreateLimitTables {
        private static final String LIMIT =
                """
                CREATE TABLE IF NOT EXISTS warder_limit (
                    limit_key VARCHAR(200) NOT NULL PRIMARY KEY,
                    content DOUBLE PRECISION NOT NULL,
                    filled_at TIMESTAMP WITH TIME ZONE NOT NULL
                )
                """;

        private static final String SLOT =
                """
                CREATE TABLE IF NOT EXISTS warder_limit_slot (
                    limit_key VARCHAR(200) NOT NULL,
                    run VARCHAR(36) NOT NULL,
                    slots BIGINT NOT NULL CHECK (slots >= 0),
                    PRIMARY KEY (limit_key, run)
                )
                """;

        private static final String NODE =
                """
                CREATE TABLE IF NOT EXISTS warder_limit_node (
                    run VARCHAR(36) NOT NULL PRIMARY KEY,
                    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
                    seen_since TIMESTAMP WITH TIME ZONE NOT NULL
                )
                """;

        private static final List<String> ALL = List.of(LIMIT, SLOT, NODE);

        private CreateLimitTables() {}

        static SqlMigration migration() {
            return new SqlMigration("7", "create the tables of rate limits", ALL.hashCode(), ALL);
        }
    }

    /**
     * Version 4 of the tables, the same statements for every database. It never changes: later changes are version 5.
     *
     * <p>{@code warder_policy} has one row: the highest version of {@code policy.file} that any node has used, and the
     * SHA-256 of
     * the file of the first node that used it, as hexadecimal digits.
     */
    static final class CreatePolicyTable {
        private static final String TABLE =
                """
                CREATE TABLE IF NOT EXISTS warder_policy (
                    name VARCHAR(16) NOT NULL PRIMARY KEY,
                    highest BIGINT NOT NULL,
                    sha256 VARCHAR(64) NOT NULL
                )
                """;

        /** In H2 a migration that failed is repeated as a whole. */
        private static final String ROW =
                """
                INSERT INTO warder_policy (name, highest, sha256)
                SELECT 'policy.file', 0, '' WHERE NOT EXISTS (SELECT 1 FROM warder_policy)
                """;

        private CreatePolicyTable() {}

        static SqlMigration migration() {
            return new SqlMigration(
                    "4", "create the table of the policy", (TABLE + ROW).hashCode(), List.of(TABLE, ROW));
        }
    }

    /**
     * Version 9 of the tables, the same statements for every database. It never changes: later changes are version 10.
     *
     * <p>{@code warder_reconciliation_day} has the days that were compared with the reports of Anthropic, {@code
     * warder_reconciliation_line} both sides of each day, model and credential, and {@code warder_adjustment} the
     * differences that administrators have booked. Only older versions wrote {@code warder_reconciliation_lease}, the node
     * that compares. All amounts are nano-dollars.
     */
    static final class CreateReconciliationTables {
        private static final String LEASE =
                """
                CREATE TABLE IF NOT EXISTS warder_reconciliation_lease (
                    name VARCHAR(16) NOT NULL PRIMARY KEY,
                    run VARCHAR(36) NOT NULL,
                    ends_at TIMESTAMP WITH TIME ZONE NOT NULL
                )
                """;

        /** Numbers of the reports for keys that belong to no credential are in the columns {@code other_...}. */
        private static final String DAY =
                """
                CREATE TABLE IF NOT EXISTS warder_reconciliation_day (
                    day_utc DATE NOT NULL PRIMARY KEY,
                    settled BOOLEAN NOT NULL,
                    looked_at TIMESTAMP WITH TIME ZONE NOT NULL,
                    other_nanos BIGINT NOT NULL,
                    other_tokens BIGINT NOT NULL
                )
                """;

        private static final String LINE =
                """
                CREATE TABLE IF NOT EXISTS warder_reconciliation_line (
                    day_utc DATE NOT NULL,
                    model VARCHAR(256) NOT NULL,
                    credential VARCHAR(64) NOT NULL,
                    ledger_rows BIGINT NOT NULL,
                    ledger_nanos BIGINT NOT NULL,
                    ledger_input BIGINT NOT NULL,
                    ledger_write_5m BIGINT NOT NULL,
                    ledger_write_1h BIGINT NOT NULL,
                    ledger_read BIGINT NOT NULL,
                    ledger_output BIGINT NOT NULL,
                    ledger_searches BIGINT NOT NULL,
                    report_nanos BIGINT NOT NULL,
                    report_input BIGINT NOT NULL,
                    report_write_5m BIGINT NOT NULL,
                    report_write_1h BIGINT NOT NULL,
                    report_read BIGINT NOT NULL,
                    report_output BIGINT NOT NULL,
                    report_searches BIGINT NOT NULL,
                    rounding_nanos BIGINT NOT NULL,
                    booked_nanos BIGINT NOT NULL,
                    bookings INTEGER NOT NULL,
                    PRIMARY KEY (day_utc, model, credential)
                )
                """;

        private static final String ADJUSTMENT =
                """
                CREATE TABLE IF NOT EXISTS warder_adjustment (
                    day_utc DATE NOT NULL,
                    model VARCHAR(256) NOT NULL,
                    credential VARCHAR(64) NOT NULL,
                    booking INTEGER NOT NULL,
                    nanos BIGINT NOT NULL,
                    reason VARCHAR(200) NOT NULL,
                    made_by VARCHAR(200) NOT NULL,
                    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
                    PRIMARY KEY (day_utc, model, credential, booking)
                )
                """;

        private static final List<String> ALL = List.of(LEASE, DAY, LINE, ADJUSTMENT);

        private CreateReconciliationTables() {}

        static SqlMigration migration() {
            return new SqlMigration("9", "create the tables of reconciliation", ALL.hashCode(), ALL);
        }
    }

    /** Version 1 of the tables, the same statement for every database. It never changes: later changes are version 2. */
    static final class CreateTokenTable {
        private static final String TABLE =
                """
                CREATE TABLE IF NOT EXISTS warder_oauth_token (
                    name VARCHAR(200) NOT NULL PRIMARY KEY,
                    generation BIGINT NOT NULL,
                    token VARCHAR(65536),
                    expires_at TIMESTAMP WITH TIME ZONE
                )
                """;

        private CreateTokenTable() {}

        static SqlMigration migration() {
            return new SqlMigration("1", "create the table of tokens", TABLE.hashCode(), List.of(TABLE));
        }
    }

    /**
     * Version 3 of the tables, the same statement for every database. It never changes: later changes are version 4.
     *
     * <p>{@code warder_usage} has sums of the rows of {@code warder_ledger} by minute and by hour, of each node, client
     * and model.
     * They are written with the rows, in one transaction.
     */
    static final class CreateUsageTable {
        private static final String TABLE =
                """
                CREATE TABLE IF NOT EXISTS warder_usage (
                    step VARCHAR(6) NOT NULL,
                    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
                    node VARCHAR(64) NOT NULL,
                    client VARCHAR(256) NOT NULL,
                    model VARCHAR(256) NOT NULL,
                    row_count BIGINT NOT NULL,
                    input_tokens BIGINT NOT NULL,
                    write_5m_tokens BIGINT NOT NULL,
                    write_1h_tokens BIGINT NOT NULL,
                    read_tokens BIGINT NOT NULL,
                    output_tokens BIGINT NOT NULL,
                    billed_nanos BIGINT NOT NULL,
                    own_nanos BIGINT NOT NULL,
                    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
                    PRIMARY KEY (step, starts_at, node, client, model)
                )
                """;

        private CreateUsageTable() {}

        static SqlMigration migration() {
            return new SqlMigration("3", "create the table of usage", TABLE.hashCode(), List.of(TABLE));
        }
    }
}
