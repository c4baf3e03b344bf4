package dev.warder.database;

import java.sql.SQLException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * Version 3 of the tables, the same statement for every database. It never changes: later changes are version 4.
 *
 * <p>{@code warder_usage} has sums of the rows of {@code warder_ledger} by minute and by hour, of each node, client and model.
 * They are written with the rows, in one transaction.
 */
final class CreateUsageTable implements JavaMigration {
    private static final String TABLE =
            """
            CREATE TABLE IF NOT EXISTS warder_usage (
                step VARCHAR(6) NOT NULL,
                starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
                node VARCHAR(64) NOT NULL,
                client VARCHAR(256) NOT NULL,
                model VARCHAR(256) NOT NULL,
                row_count BIGINT NOT NULL,
                input_tokens BIGINT NOT NULL,
                write_5m_tokens BIGINT NOT NULL,
                write_1h_tokens BIGINT NOT NULL,
                read_tokens BIGINT NOT NULL,
                output_tokens BIGINT NOT NULL,
                billed_nanos BIGINT NOT NULL,
                own_nanos BIGINT NOT NULL,
                last_at TIMESTAMP WITH TIME ZONE NOT NULL,
                PRIMARY KEY (step, starts_at, node, client, model)
            )
            """;

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("3");
    }

    @Override
    public String getDescription() {
        return "create the table of usage";
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
