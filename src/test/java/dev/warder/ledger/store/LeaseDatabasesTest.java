package dev.warder.ledger.store;

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
    class H2Leases extends OnH2 implements LeasesContract {}

    @Nested
    class PostgresLeases extends OnPostgres implements LeasesContract {}
}
