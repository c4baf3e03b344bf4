package dev.warder.reconcile;

import dev.warder.testkit.OnH2;
import dev.warder.testkit.OnPostgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What is kept of reconciliation, in a database of each supported kind. */
class StoreTest {
    @Nested
    class H2Store extends OnH2 implements StoreContract {}

    @Nested
    @Tag("turn-2")
    @Tag("turn-only")
    class PostgresStore extends OnPostgres implements StoreContract {}
}
