package dev.warder.database;

import java.util.List;

/**
 * Version 10 of the tables, the same statements for every database. It never changes: later changes are version 11.
 *
 * <p>{@code warder_increase_request} has the requests of clients for higher spend limits. {@code pending} is TRUE for one that no
 * administrator has decided about, and NULL afterwards, so that a client has at most one of a period that is pending.
 */
final class CreateIncreaseTable {
    private static final String REQUEST =
            """
            CREATE TABLE IF NOT EXISTS warder_increase_request (
                number BIGINT NOT NULL PRIMARY KEY,
                client VARCHAR(64) NOT NULL,
                budget_period VARCHAR(16) NOT NULL,
                asked_cents BIGINT,
                reason VARCHAR(500) NOT NULL,
                made_at TIMESTAMP WITH TIME ZONE NOT NULL,
                pending BOOLEAN,
                granted_cents BIGINT,
                resolved_at TIMESTAMP WITH TIME ZONE,
                resolved_by VARCHAR(200),
                UNIQUE (client, budget_period, pending)
            )
            """;

    private static final List<String> ALL = List.of(REQUEST);

    private CreateIncreaseTable() {}

    static SqlMigration migration() {
        return new SqlMigration("10", "create the table of requests for higher limits", ALL.hashCode(), ALL);
    }
}
