package dev.warder.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.database.DatabaseSchema.Tables;
import dev.warder.testkit.Postgres;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSchemaTest implements SchemaContract {
    @RegisterExtension
    private final Postgres postgres = Postgres.empty();

    /** As an administrator has made them for logins only: an upgrade must not take the logins away. */
    @Test
    void keepsLoginsWhereTheUserMayNotMakeTheTablesOfTheLedger() throws Exception {
        new DatabaseSchema(database(), Tables.TOKENS).bringUpToDate();
        execute(database(), "CREATE ROLE reader LOGIN");
        execute(database(), "GRANT SELECT, INSERT, UPDATE ON warder_oauth_token TO reader");
        execute(database(), "GRANT SELECT ON warder_schema_history TO reader");
        var reader = postgres.database("reader");
        assertThatThrownBy(() -> new DatabaseSchema(reader, Tables.LEDGER).bringUpToDate())
                .isInstanceOf(SchemaException.class);
        new DatabaseSchema(reader, Tables.TOKENS).bringUpToDate();
        try (var connection = reader.getConnection();
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("INSERT INTO warder_oauth_token (name, generation) VALUES ('a', 1)"))
                    .isEqualTo(1);
        }
    }

    /** Where a name without a schema finds the tables of another installation. */
    @Test
    void makesTablesInItsOwnSchemaNextToThoseOfAnother() throws Exception {
        new DatabaseSchema(database(), Tables.LEDGER).bringUpToDate();
        execute(database(), "CREATE ROLE second LOGIN");
        execute(database(), "CREATE SCHEMA second AUTHORIZATION second");
        execute(database(), "GRANT SELECT ON ALL TABLES IN SCHEMA public TO second");
        execute(database(), "ALTER ROLE second SET search_path TO second, public");
        new DatabaseSchema(postgres.database("second"), Tables.LEDGER).bringUpToDate();
        try (var connection = database().getConnection();
                var statement = connection.createStatement();
                var tables = statement.executeQuery("SELECT COUNT(*) FROM information_schema.tables"
                        + " WHERE table_schema = 'second' AND table_name = 'warder_ledger'")) {
            assertThat(tables.next()).isTrue();
            assertThat(tables.getInt(1)).isEqualTo(1);
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
        return postgres.database();
    }
}
