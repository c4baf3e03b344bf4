package dev.warder.ledger;

import dev.warder.testkit.OnH2;
import dev.warder.testkit.OnPostgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What the ledger stores, in a database of each supported kind. */
class LedgerDatabasesTest {
    @Nested
    class H2Groups extends OnH2 implements GroupsContract {}

    @Nested
    @Tag("turn-2")
    @Tag("turn-only")
    class PostgresGroups extends OnPostgres implements GroupsContract {}

    @Nested
    class H2Store extends OnH2 implements StoreContract {}

    @Nested
    class PostgresStore extends OnPostgres implements StoreContract {}
}
