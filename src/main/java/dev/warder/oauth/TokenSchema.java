package dev.warder.oauth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of this application in the operator's database, brought up to date before their first use, however many
 * nodes start at once. What was done stands in {@code warder_schema_history}. Thread-safe.
 */
final class TokenSchema {
    private static final Logger LOG = LoggerFactory.getLogger(TokenSchema.class);

    /** Flyway waits a second before each. */
    private static final int LOCK_ATTEMPTS = 3;

    private final DataSource source;
    private final Patience patience;

    @GuardedBy("this")
    private boolean current;

    TokenSchema(DataSource source, Patience patience) {
        this.source = source;
        this.patience = patience;
    }

    /**
     * Waits for the database; after a failure the next call tries again.
     *
     * @throws SQLException when there is no connection
     */
    synchronized void bringUpToDate() throws SQLException, TokenStoreException {
        if (!current) {
            Transaction.begin(source).close();
            current = patience.await(this::migrated, "the tables in jdbc/warder cannot be brought up to date");
        }
    }

    /** Nodes that make the history at the same time can fail over it, once: the next attempt finds it made. */
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
                // None: messages name the database's address, in which drivers take passwords. How a migration ended,
                // the
                // exceptions say.
                .loggers(new String[0])
                .dataSource(source)
                .table("warder_schema_history")
                // The migrations are classes: not every server lets a class path be searched.
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
            // H2 has no transaction around what makes tables, so that a failure stays in the history until it is
            // repaired.
            schema.repair();
            schema.migrate();
        }
    }
}
