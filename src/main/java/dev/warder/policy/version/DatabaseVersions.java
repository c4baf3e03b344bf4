package dev.warder.policy.version;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.SchemaException;
import dev.warder.database.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The row of the table {@code warder_policy} in {@code jdbc/warder}, which all nodes share. */
public final class DatabaseVersions implements VersionStore {
    private static final String RAISE = "UPDATE warder_policy SET highest = ? WHERE highest < ?";
    private static final String READ = "SELECT MAX(highest) FROM warder_policy";

    private static final int SECONDS = (int) DatabaseSchema.LIMIT.toSeconds();

    /** Attempts to create the table are work for seconds, which a user without that right would cause at each look. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final DataSource source;
    private final DatabaseSchema schema;
    private final LongSupplier nanoTime;
    private @Nullable SchemaException failed;
    private long failedAt;

    /** Uses no connection yet. */
    public DatabaseVersions(DataSource source) {
        this(source, System::nanoTime);
    }

    DatabaseVersions(DataSource source, LongSupplier nanoTime) {
        this.source = source;
        this.schema = new DatabaseSchema(source, DatabaseSchema.Tables.POLICY);
        this.nanoTime = nanoTime;
    }

    @Override
    public long raise(long version) throws VersionStoreException {
        try {
            createTable();
            try (var transaction = Transaction.begin(source)) {
                var connection = transaction.connection();
                update(connection, version);
                long highest = read(connection);
                if (highest < version) {
                    throw new VersionStoreException("the table warder_policy has lost its row");
                }
                connection.commit();
                return highest;
            }
        } catch (SQLException away) {
            throw VersionStoreException.of(away);
        }
    }

    private void createTable() throws SQLException {
        if (failed != null && nanoTime.getAsLong() - failedAt < PAUSE.toNanos()) {
            throw failed;
        }
        try {
            schema.bringUpToDate();
            failed = null;
        } catch (SchemaException refused) {
            failed = refused;
            failedAt = nanoTime.getAsLong();
            throw refused;
        }
    }

    private static void update(Connection connection, long version) throws SQLException {
        try (var statement = connection.prepareStatement(RAISE)) {
            statement.setQueryTimeout(SECONDS);
            statement.setLong(1, version);
            statement.setLong(2, version);
            statement.executeUpdate();
        }
    }

    private static long read(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(READ)) {
            statement.setQueryTimeout(SECONDS);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }
}
