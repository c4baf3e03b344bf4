package dev.warder.oauth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.logging.LogFactory;

/**
 * The tables of this application in the operator's database, brought up to date before their first use, however many
 * nodes start at once. What was done stands in {@code warder_schema_history}. Thread-safe.
 */
final class TokenSchema {
    private static final int ATTEMPTS = 20;

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
        }
        for (int attempt = 1; !current; attempt++) {
            try {
                migrate();
                current = true;
            } catch (RuntimeException failed) {
                // Nodes that make the history at the same time can fail over it, once: the next attempt finds it made.
                if (attempt == ATTEMPTS) {
                    throw new TokenStoreException("the tables in jdbc/warder cannot be brought up to date", failed);
                }
                patience.rest();
            }
        }
    }

    private void migrate() {
        LogFactory.setLogCreator(type -> SilentFlywayLog.INSTANCE);
        var schema = Flyway.configure(TokenSchema.class.getClassLoader())
                .dataSource(source)
                .table("warder_schema_history")
                // The migrations are classes: not every server lets a class path be searched.
                .locations(new String[0])
                .javaMigrations(new CreateTokenTable())
                // The schema may hold tables of other applications.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .connectRetries(0)
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
