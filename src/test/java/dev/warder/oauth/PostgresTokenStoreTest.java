package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import dev.warder.testkit.Postgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresTokenStoreTest implements JdbcStoreContract {
    @RegisterExtension
    private final Postgres postgres = Postgres.empty();

    /** As credentials.md tells administrators who make the tables by another user. */
    @Test
    void needsNoRightToMakeTablesOnceTheyAreThere() throws Exception {
        store(DeadlinePoll.ofThisThread()).read();
        try (var connection = database().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE clerk LOGIN");
            statement.execute("GRANT SELECT, INSERT, UPDATE ON warder_oauth_token TO clerk");
            statement.execute("GRANT SELECT ON warder_schema_history TO clerk");
        }
        var clerk = postgres.database("clerk");
        var store = new JdbcTokenStore(clerk, "first", format(), DeadlinePoll.ofThisThread());
        store.exclusively(held -> held.write(Logins.token(1)));
        assertThat(store.read().orElseThrow().token()).isEqualTo(Logins.token(1));
    }

    @Override
    public DataSource database() {
        return postgres.database();
    }

    @Override
    public LoginFormat format() {
        return Logins.PLAIN;
    }
}
