package dev.warder.oauth.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresTokenStoreTest implements JdbcStoreContract {
    private EmbeddedPostgres server;
    private int databases;

    @BeforeAll
    void start() throws IOException {
        server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void makeDatabase() throws SQLException {
        databases++;
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE warder" + databases);
        }
    }

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
        var clerk = server.getDatabase("clerk", "warder" + databases);
        var store = new JdbcTokenStore(clerk, "first", format(), DeadlinePoll.ofThisThread());
        store.exclusively(held -> held.write(Logins.token(1)));
        assertThat(store.read().orElseThrow().token()).isEqualTo(Logins.token(1));
    }

    @Override
    public DataSource database() {
        return server.getDatabase("postgres", "warder" + databases);
    }

    @Override
    public LoginFormat format() {
        return Logins.PLAIN;
    }
}
