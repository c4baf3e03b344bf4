package dev.warder.database;

import java.util.List;

/**
 * Version 9 of the tables, the same statements for every database. It never changes: later changes are version 10.
 *
 * <p>{@code warder_reconciliation_day} has the days that were compared with the reports of Anthropic, {@code
 * warder_reconciliation_line} both sides of each day, model and credential, and {@code warder_adjustment} the differences that
 * administrators have booked. {@code warder_reconciliation_lease} has the node that compares. All amounts are nano-dollars.
 */
final class CreateReconciliationTables {
    private static final String LEASE =
            """
            CREATE TABLE IF NOT EXISTS warder_reconciliation_lease (
                name VARCHAR(16) NOT NULL PRIMARY KEY,
                run VARCHAR(36) NOT NULL,
                ends_at TIMESTAMP WITH TIME ZONE NOT NULL
            )
            """;

    /** What the reports have of keys that belong to no credential is in the columns {@code other_...}. */
    private static final String DAY =
            """
            CREATE TABLE IF NOT EXISTS warder_reconciliation_day (
                day_utc DATE NOT NULL PRIMARY KEY,
                settled BOOLEAN NOT NULL,
                looked_at TIMESTAMP WITH TIME ZONE NOT NULL,
                other_nanos BIGINT NOT NULL,
                other_tokens BIGINT NOT NULL
            )
            """;

    private static final String LINE =
            """
            CREATE TABLE IF NOT EXISTS warder_reconciliation_line (
                day_utc DATE NOT NULL,
                model VARCHAR(256) NOT NULL,
                credential VARCHAR(64) NOT NULL,
                ledger_rows BIGINT NOT NULL,
                ledger_nanos BIGINT NOT NULL,
                ledger_input BIGINT NOT NULL,
                ledger_write_5m BIGINT NOT NULL,
                ledger_write_1h BIGINT NOT NULL,
                ledger_read BIGINT NOT NULL,
                ledger_output BIGINT NOT NULL,
                ledger_searches BIGINT NOT NULL,
                report_nanos BIGINT NOT NULL,
                report_input BIGINT NOT NULL,
                report_write_5m BIGINT NOT NULL,
                report_write_1h BIGINT NOT NULL,
                report_read BIGINT NOT NULL,
                report_output BIGINT NOT NULL,
                report_searches BIGINT NOT NULL,
                rounding_nanos BIGINT NOT NULL,
                booked_nanos BIGINT NOT NULL,
                bookings INTEGER NOT NULL,
                PRIMARY KEY (day_utc, model, credential)
            )
            """;

    private static final String ADJUSTMENT =
            """
            CREATE TABLE IF NOT EXISTS warder_adjustment (
                day_utc DATE NOT NULL,
                model VARCHAR(256) NOT NULL,
                credential VARCHAR(64) NOT NULL,
                booking INTEGER NOT NULL,
                nanos BIGINT NOT NULL,
                reason VARCHAR(200) NOT NULL,
                made_by VARCHAR(200) NOT NULL,
                made_at TIMESTAMP WITH TIME ZONE NOT NULL,
                PRIMARY KEY (day_utc, model, credential, booking)
            )
            """;

    private static final List<String> ALL = List.of(LEASE, DAY, LINE, ADJUSTMENT);

    private CreateReconciliationTables() {}

    static SqlMigration migration() {
        return new SqlMigration("9", "create the tables of reconciliation", ALL.hashCode(), ALL);
    }
}
