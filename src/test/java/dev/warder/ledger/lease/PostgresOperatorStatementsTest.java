package dev.warder.ledger.lease;

import dev.warder.testkit.Postgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresOperatorStatementsTest implements OperatorStatementsContract {
    @RegisterExtension
    private final Postgres postgres = new Postgres();

    @Override
    public DataSource database() {
        return postgres.database();
    }
}
