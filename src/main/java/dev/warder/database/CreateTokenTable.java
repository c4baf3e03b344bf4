package dev.warder.database;

import java.util.List;

/** Version 1 of the tables, the same statement for every database. It never changes: later changes are version 2. */
final class CreateTokenTable {
    private static final String TABLE =
            """
            CREATE TABLE IF NOT EXISTS warder_oauth_token (
                name VARCHAR(200) NOT NULL PRIMARY KEY,
                generation BIGINT NOT NULL,
                token VARCHAR(65536),
                expires_at TIMESTAMP WITH TIME ZONE
            )
            """;

    private CreateTokenTable() {}

    static SqlMigration migration() {
        return new SqlMigration("1", "create the table of tokens", TABLE.hashCode(), List.of(TABLE));
    }
}
