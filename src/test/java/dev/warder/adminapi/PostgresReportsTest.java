package dev.warder.adminapi;

import dev.warder.testkit.Postgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("turn-2")
@Tag("turn-only")
class PostgresReportsTest implements ReportsContract {
    @RegisterExtension
    private final Postgres source = new Postgres();

    @Override
    public DataSource database() {
        return source.database();
    }
}
