package dev.warder.database;

import java.util.List;

/**
 * Version 3 of the tables, the same statement for every database. It never changes: later changes are version 4.
 *
 * <p>{@code warder_usage} has sums of the rows of {@code warder_ledger} by minute and by hour, of each node, client and model.
 * They are written with the rows, in one transaction.
 */
final class CreateUsageTable {
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

    private CreateUsageTable() {}

    static SqlMigration migration() {
        return new SqlMigration("3", "create the table of usage", TABLE.hashCode(), List.of(TABLE));
    }
}
