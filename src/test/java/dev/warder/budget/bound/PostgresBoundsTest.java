package dev.warder.budget.bound;

import dev.warder.testkit.Postgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresBoundsTest implements BoundsContract {
    @RegisterExtension
    private final Postgres postgres = new Postgres();

    @Override
    public DataSource database() {
        return postgres.database();
    }
}
