package dev.warder.database;

import dev.warder.config.TextFile;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * A version of the tables, by the same statements for every database: those of the resource {@code NUMBER.sql}, where a line that
 * begins with two hyphens is a comment, and a semicolon ends a line and a statement. It never changes: what is different later is
 * the next version. Immutable.
 *
 * @param number of the version
 * @param checksum by which the history of a database knows it
 */
record SqlMigration(String number, String description, int checksum) implements JavaMigration {
    private static final Pattern COMMENT = Pattern.compile("(?m)^--.*$");

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
            for (var each : statements()) {
                statement.execute(each);
            }
        }
    }

    List<String> statements() {
        var text = TextFile.of(SqlMigration.class, number.concat(".sql"));
        return List.of(COMMENT.matcher(text).replaceAll("").strip().split(";\\s*(\n|$)"));
    }
}
