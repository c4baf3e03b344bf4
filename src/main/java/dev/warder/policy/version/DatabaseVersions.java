package dev.warder.policy.version;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The row of the table {@code warder_policy} in {@code jdbc/warder}, which all nodes share. */
public final class DatabaseVersions implements VersionStore {
    private static final String RAISE = "UPDATE warder_policy SET highest = ? WHERE highest < ?";
    private static final String READ = "SELECT MAX(highest) FROM warder_policy";

    private final DataSource source;
    private final DatabaseSchema schema;

    /** Uses no connection yet. */
    public DatabaseVersions(DataSource source) {
        this.source = source;
        this.schema = new DatabaseSchema(source, DatabaseSchema.Tables.POLICY);
    }

    @Override
    public long raise(long version) throws VersionStoreException {
        try {
            schema.bringUpToDate();
            try (var transaction = Transaction.begin(source)) {
                var connection = transaction.connection();
                update(connection, version);
                long highest = read(connection);
                connection.commit();
                return highest;
            }
        } catch (SQLException failed) {
            throw VersionStoreException.of(failed);
        }
    }

    private static void update(Connection connection, long version) throws SQLException {
        try (var statement = connection.prepareStatement(RAISE)) {
            statement.setLong(1, version);
            statement.setLong(2, version);
            statement.executeUpdate();
        }
    }

    private static long read(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(READ);
                var rows = statement.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
