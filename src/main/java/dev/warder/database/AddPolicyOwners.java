package dev.warder.database;

import java.util.List;

/**
 * Version 6 of the tables, the same statements for every database. It never changes: later changes are version 7.
 *
 * <p>{@code warder_policy} gets {@code owners}, which has a line for each access token with its name and that of its client in
 * the version that is the highest, and {@code owners_of}, the SHA-256 of that version's file. An older release changes
 * neither, so that the two SHA-256 differ after it has used a higher version.
 */
final class AddPolicyOwners {
    private static final String OWNERS_OF =
            "ALTER TABLE warder_policy ADD COLUMN IF NOT EXISTS owners_of VARCHAR(64) DEFAULT '' NOT NULL";

    private static final String OWNERS =
            "ALTER TABLE warder_policy ADD COLUMN IF NOT EXISTS owners TEXT DEFAULT '' NOT NULL";

    private AddPolicyOwners() {}

    static SqlMigration migration() {
        return new SqlMigration(
                "6",
                "add the owners of tokens to the table of the policy",
                (OWNERS_OF + OWNERS).hashCode(),
                List.of(OWNERS_OF, OWNERS));
    }
}
