package dev.warder.reconcile;

import dev.warder.testkit.Postgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("turn-2")
@Tag("turn-only")
class PostgresStoreTest implements StoreContract {
    @RegisterExtension
    private final Postgres postgres = new Postgres();

    @Override
    public DataSource database() {
        return postgres.database();
    }
}
