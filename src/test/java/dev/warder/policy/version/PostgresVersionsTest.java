package dev.warder.policy.version;

import dev.warder.testkit.Postgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresVersionsTest implements VersionsContract {
    @RegisterExtension
    private final Postgres postgres = new Postgres();

    @Override
    public DataSource database() {
        return postgres.database();
    }
}
