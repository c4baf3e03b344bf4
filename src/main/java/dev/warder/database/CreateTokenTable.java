package dev.warder.database;

import java.sql.SQLException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/** Version 1 of the tables, the same statement for every database. It never changes: later changes are version 2. */
final class CreateTokenTable implements JavaMigration {
    private static final String TABLE =
            """
            CREATE TABLE IF NOT EXISTS warder_oauth_token (
                name VARCHAR(200) NOT NULL PRIMARY KEY,
                generation BIGINT NOT NULL,
                token VARCHAR(65536),
                expires_at TIMESTAMP WITH TIME ZONE
            )
            """;

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("1");
    }

    @Override
    public String getDescription() {
        return "create the table of tokens";
    }

    @Override
    public Integer getChecksum() {
        return TABLE.hashCode();
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        try (var statement = context.getConnection().createStatement()) {
            statement.execute(TABLE);
        }
    }
}
