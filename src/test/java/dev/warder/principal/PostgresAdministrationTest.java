package dev.warder.principal;

import dev.warder.testkit.Postgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("turn-8")
@Tag("turn-only")
class PostgresAdministrationTest implements AdministrationContract {
    @RegisterExtension
    private final Postgres postgres = new Postgres();

    @Override
    public DataSource database() {
        return postgres.database();
    }
}
