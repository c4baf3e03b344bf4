package dev.warder.database;

import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/** A version of the tables, with the same statements for every database. It never changes: what is new is a new version. */
abstract class TableMigration implements JavaMigration {
    private final String version;
    private final String description;
    private final int checksum;
    private final List<String> statements;

    /** @param checksum of the statements; it stays as it is, because databases have it */
    TableMigration(String version, String description, int checksum, List<String> statements) {
        this.version = version;
        this.description = description;
        this.checksum = checksum;
        this.statements = List.copyOf(statements);
    }

    @Override
    public final MigrationVersion getVersion() {
        return MigrationVersion.fromVersion(version);
    }

    @Override
    public final String getDescription() {
        return description;
    }

    @Override
    public final Integer getChecksum() {
        return checksum;
    }

    @Override
    public final boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public final void migrate(Context context) throws SQLException {
        try (var statement = context.getConnection().createStatement()) {
            for (var each : statements) {
                statement.execute(each);
            }
        }
    }
}
