package dev.warder.database;

import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * A version of the tables, by the same statements for every database. It never changes: what is different later is the next
 * version. Immutable.
 *
 * @param number of the version
 * @param checksum of the statements
 */
record SqlMigration(String number, String description, int checksum, List<String> statements) implements JavaMigration {
    SqlMigration {
        statements = List.copyOf(statements);
    }

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
            for (var each : statements) {
                statement.execute(each);
            }
        }
    }
}
