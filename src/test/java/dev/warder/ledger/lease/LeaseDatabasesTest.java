package dev.warder.ledger.lease;

import dev.warder.testkit.OnH2;
import dev.warder.testkit.OnPostgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What nodes reserve and settle, in a database of each supported kind. */
class LeaseDatabasesTest {
    @Nested
    class H2ChargedRows extends OnH2 implements ChargedRowsContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresChargedRows extends OnPostgres implements ChargedRowsContract {}

    @Nested
    class H2LeaseThreads extends OnH2 implements LeaseThreadsContract {}

    @Nested
    class PostgresLeaseThreads extends OnPostgres implements LeaseThreadsContract {}

    @Nested
    class H2Leases extends OnH2 implements LeasesContract {}

    @Nested
    class PostgresLeases extends OnPostgres implements LeasesContract {}

    @Nested
    class H2OperatorStatements extends OnH2 implements OperatorStatementsContract {}

    @Nested
    class PostgresOperatorStatements extends OnPostgres implements OperatorStatementsContract {}

    @Nested
    class H2PeriodReader extends OnH2 implements PeriodReaderContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresPeriodReader extends OnPostgres implements PeriodReaderContract {}

    @Nested
    class H2Settling extends OnH2 implements SettlingContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresSettling extends OnPostgres implements SettlingContract {}

    @Nested
    class H2Thresholds extends OnH2 implements ThresholdsContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresThresholds extends OnPostgres implements ThresholdsContract {}

    @Nested
    class H2WaitReader extends OnH2 implements WaitReaderContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresWaitReader extends OnPostgres implements WaitReaderContract {}
}
