package dev.warder.oauth;

import dev.warder.testkit.Postgres;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresClusterTest implements ClusterContract {
    @RegisterExtension
    private final Postgres postgres = new Postgres();

    @Override
    public String address() throws SQLException {
        return postgres.anotherAddress();
    }
}
