package dev.warder.database;

import java.util.List;

/**
 * Version 7 of the tables, the same statements for every database. It never changes: later changes are version 8.
 *
 * <p>{@code warder_limit} has what was left of each limit for a minute at {@code filled_at}; a limit without a row is unused.
 * {@code warder_limit_slot} has how many requests each node may run at the same time, and {@code warder_limit_node} when each
 * start of a node was last seen.
 */
final class CreateLimitTables {
    private static final String LIMIT =
            """
            CREATE TABLE IF NOT EXISTS warder_limit (
                limit_key VARCHAR(200) NOT NULL PRIMARY KEY,
                content DOUBLE PRECISION NOT NULL,
                filled_at TIMESTAMP WITH TIME ZONE NOT NULL
            )
            """;

    private static final String SLOT =
            """
            CREATE TABLE IF NOT EXISTS warder_limit_slot (
                limit_key VARCHAR(200) NOT NULL,
                run VARCHAR(36) NOT NULL,
                slots BIGINT NOT NULL CHECK (slots >= 0),
                PRIMARY KEY (limit_key, run)
            )
            """;

    private static final String NODE =
            """
            CREATE TABLE IF NOT EXISTS warder_limit_node (
                run VARCHAR(36) NOT NULL PRIMARY KEY,
                seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
                seen_since TIMESTAMP WITH TIME ZONE NOT NULL
            )
            """;

    private static final List<String> ALL = List.of(LIMIT, SLOT, NODE);

    private CreateLimitTables() {}

    static SqlMigration migration() {
        return new SqlMigration("7", "create the tables of rate limits", ALL.hashCode(), ALL);
    }
}
