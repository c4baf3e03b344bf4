package dev.warder.database;

import java.util.List;

/**
 * Version 4 of the tables, the same statements for every database. It never changes: later changes are version 5.
 *
 * <p>{@code warder_policy} has one row: the highest version of {@code policy.file} that any node has used, and the SHA-256 of
 * the file of the first node that used it, as hexadecimal digits.
 */
final class CreatePolicyTable {
    private static final String TABLE =
            """
            CREATE TABLE IF NOT EXISTS warder_policy (
                name VARCHAR(16) NOT NULL PRIMARY KEY,
                highest BIGINT NOT NULL,
                sha256 VARCHAR(64) NOT NULL
            )
            """;

    /** In H2 a migration that failed is repeated as a whole. */
    private static final String ROW =
            """
            INSERT INTO warder_policy (name, highest, sha256)
            SELECT 'policy.file', 0, '' WHERE NOT EXISTS (SELECT 1 FROM warder_policy)
            """;

    private CreatePolicyTable() {}

    static SqlMigration migration() {
        return new SqlMigration("4", "create the table of the policy", (TABLE + ROW).hashCode(), List.of(TABLE, ROW));
    }
}
