package dev.warder.database;

import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes durable what a database has committed. H2 keeps a commit in memory for up to {@code WRITE_DELAY}, and does not force
 * what it writes to the disk; {@code CHECKPOINT SYNC} does both. Other databases do so with each commit. Thread-safe.
 */
public final class Checkpoint {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
    private static final String ADMIN_RIGHTS_REQUIRED = "90040";

    private final DataSource source;
    private volatile boolean needless;

    public Checkpoint(DataSource source) {
        this.source = source;
    }

    /**
     * Waits until all that was committed some time ago is on the disk; a commit that H2 writes at this moment may be missing.
     * Does nothing where the database's user has not the right to it in H2, as every user but an administrator.
     *
     * @throws SQLException when the database fails
     */
    public void run() throws SQLException {
        if (needless) {
            return;
        }
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            needless = !"H2".equals(connection.getMetaData().getDatabaseProductName());
            if (!needless) {
                statement.execute("CHECKPOINT SYNC");
            }
        } catch (SQLException refused) {
            if (!Objects.equals(refused.getSQLState(), ADMIN_RIGHTS_REQUIRED)) {
                throw refused;
            }
            LOG.info("jdbc/warder: the user of this H2 has no right to CHECKPOINT SYNC, its WRITE_DELAY counts");
            needless = true;
        }
    }
}
