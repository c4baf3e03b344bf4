package dev.warder.quota.budget;

import dev.warder.testkit.OnH2;
import dev.warder.testkit.OnPostgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What nodes have learned, in a database of each supported kind. */
class BoundsTest {
    @Nested
    class H2Bounds extends OnH2 implements BoundsContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresBounds extends OnPostgres implements BoundsContract {}
}
