package dev.warder.ledger;

import dev.warder.testkit.Postgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresGroupsTest implements DatabaseGroupsContract {
    @RegisterExtension
    private final Postgres source = new Postgres();

    @Override
    public DataSource database() {
        return source.database();
    }
}
