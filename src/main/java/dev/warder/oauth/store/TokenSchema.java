package dev.warder.oauth.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of this application in the operator's database, updated before their first use, however many nodes start
 * at once. The table {@code warder_schema_history} records what was done. Thread-safe.
 */
final class TokenSchema {
    private static final Logger LOG = LoggerFactory.getLogger(TokenSchema.class);

    /** Flyway waits a second before each attempt. */
    private static final int LOCK_ATTEMPTS = 3;

    private final DataSource source;
    private final DeadlinePoll poll;

    @GuardedBy("this")
    private boolean current;

    TokenSchema(DataSource source, DeadlinePoll poll) {
        this.source = source;
        this.poll = poll;
    }

    /**
     * Waits for the database; after a failure the next call tries again.
     *
     * @throws SQLException when there is no connection
     */
    synchronized void bringUpToDate() throws SQLException, TokenStoreException {
        if (!current) {
            Transaction.begin(source).close();
            current = poll.await(this::migrated, "the tables in jdbc/warder cannot be brought up to date");
        }
    }

    /**
     * Nodes that make the history at the same time can fail because of it, once: the next attempt finds the history.
     */
    private Optional<Boolean> migrated() {
        try {
            migrate();
            return Optional.of(true);
        } catch (RuntimeException failed) {
            LOG.debug("a migration failed: {}", failed.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private void migrate() {
        var schema = Flyway.configure(TokenSchema.class.getClassLoader())
                // None: messages contain the database's address, in which drivers accept passwords. The exceptions
                // report how a migration ended.
                .loggers(new String[0])
                .dataSource(source)
                .table("warder_schema_history")
                // The migrations are classes, because not every server allows a search of the class path.
                .locations(new String[0])
                .javaMigrations(new CreateTokenTable())
                // The schema may hold tables of other applications.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .connectRetries(0)
                .lockRetryCount(LOCK_ATTEMPTS)
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
}
