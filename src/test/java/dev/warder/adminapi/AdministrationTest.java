package dev.warder.adminapi;

import dev.warder.testkit.OnH2;
import dev.warder.testkit.OnPostgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What administrators change, in a database of each supported kind. */
class AdministrationTest {
    @Nested
    class H2Administration extends OnH2 implements AdministrationContract {}

    @Nested
    @Tag("turn-8")
    @Tag("turn-only")
    class PostgresAdministration extends OnPostgres implements AdministrationContract {}
}
