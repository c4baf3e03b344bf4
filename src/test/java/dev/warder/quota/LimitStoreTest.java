package dev.warder.quota;

import dev.warder.testkit.OnH2;
import dev.warder.testkit.OnPostgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Rate limits that nodes share, in a database of each supported kind. */
class LimitStoreTest {
    @Nested
    class H2LimitStore extends OnH2 implements LimitStoreContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresLimitStore extends OnPostgres implements LimitStoreContract {}
}
