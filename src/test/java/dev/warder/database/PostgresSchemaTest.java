package dev.warder.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.database.DatabaseSchema.Tables;
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
class PostgresSchemaTest implements SchemaContract {
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
        execute(server.getPostgresDatabase(), "CREATE DATABASE schema" + databases);
    }

    /** As an administrator has made them for logins only: an upgrade must not take the logins away. */
    @Test
    void keepsLoginsWhereTheUserMayNotMakeTheTablesOfTheLedger() throws Exception {
        new DatabaseSchema(database(), Tables.TOKENS).bringUpToDate();
        execute(database(), "CREATE ROLE reader" + databases + " LOGIN");
        execute(database(), "GRANT SELECT, INSERT, UPDATE ON warder_oauth_token TO reader" + databases);
        execute(database(), "GRANT SELECT ON warder_schema_history TO reader" + databases);
        var reader = server.getDatabase("reader" + databases, "schema" + databases);
        assertThatThrownBy(() -> new DatabaseSchema(reader, Tables.LEDGER).bringUpToDate())
                .isInstanceOf(SchemaException.class);
        new DatabaseSchema(reader, Tables.TOKENS).bringUpToDate();
        try (var connection = reader.getConnection();
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("INSERT INTO warder_oauth_token (name, generation) VALUES ('a', 1)"))
                    .isEqualTo(1);
        }
    }

    private static void execute(DataSource source, String sql) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public DataSource database() {
        return server.getDatabase("postgres", "schema" + databases);
    }
}
