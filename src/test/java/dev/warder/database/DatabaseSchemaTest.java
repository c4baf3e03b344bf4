package dev.warder.database;

import static dev.warder.testkit.Sql.execute;
import static dev.warder.testkit.Sql.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.database.DatabaseSchema.SchemaException;
import dev.warder.database.DatabaseSchema.Tables;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.Postgres;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.statement.SqlStatements;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseSchemaTest {
    private static final String FLYWAY = "org.flywaydb";

    @Test
    void letsFlywayLogNothing() throws Exception {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:quiet");
        try (var log = LogCapture.start().level(FLYWAY, Level.ALL);
                var kept = source.getConnection()) {
            new DatabaseSchema(source, DatabaseSchema.Tables.LEDGER).bringUpToDate();
            assertThat(log.lines(FLYWAY, Level.ALL)).isEmpty();
            assertThat(kept.isValid(1)).isTrue();
        }
    }

    /** Jdbi puts the values of a statement into both. */
    @Test
    void noMessageAndNoRecordingHasValues() throws Exception {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:values");
        try (var kept = source.getConnection()) {
            new RepeatableTransactions(source, Tables.TOKENS).run(handle -> {
                assertThatThrownBy(
                                () -> handle.execute("DELETE FROM warder_oauth_token WHERE no_column = ?", "planted"))
                        .hasMessageContaining("no_column".toUpperCase(Locale.ROOT))
                        .hasMessageNotContaining("planted");
                assertThat(handle.getConfig(SqlStatements.class).getJfrParamMaxLength())
                        .isEqualTo("{…}".length());
                return true;
            });
            assertThat(kept.isValid(1)).isTrue();
        }
    }

    /** A statement that has changed would be refused by no database, since the checksum is no longer made of the text. */
    @Test
    void neverChangesAStatement() {
        for (var migration : DatabaseSchema.MIGRATIONS) {
            var statements = migration.statements().stream()
                    .map(each -> each.contains("\n") ? each + "\n" : each)
                    .toList();
            boolean joined = List.of("1", "3", "4", "6").contains(migration.number());
            assertThat(joined ? String.join("", statements).hashCode() : statements.hashCode())
                    .as(migration.number())
                    .isEqualTo(migration.checksum());
        }
    }

    @Nested
    class H2SchemaTest implements SchemaContract {
        @RegisterExtension
        private final H2Memory h2 = new H2Memory();

        @Override
        public DataSource database() {
            return h2.database();
        }
    }

    @Nested
    class PostgresSchemaTest implements SchemaContract {
        @RegisterExtension
        private final Postgres postgres = Postgres.empty();

        /** As an administrator has made them for logins only: an upgrade must not take the logins away. */
        @Test
        void keepsLoginsWhereTheUserMayNotMakeTheTablesOfTheLedger() throws Exception {
            new DatabaseSchema(database(), Tables.TOKENS).bringUpToDate();
            execute(
                    database(),
                    "CREATE ROLE reader LOGIN",
                    "GRANT SELECT, INSERT, UPDATE ON warder_oauth_token TO reader",
                    "GRANT SELECT ON warder_schema_history TO reader");
            var reader = postgres.database("reader");
            assertThatThrownBy(() -> new DatabaseSchema(reader, Tables.LEDGER).bringUpToDate())
                    .isInstanceOf(SchemaException.class);
            new DatabaseSchema(reader, Tables.TOKENS).bringUpToDate();
            execute(reader, "INSERT INTO warder_oauth_token (name, generation) VALUES ('a', 1)");
            assertThat(number(reader, "SELECT generation FROM warder_oauth_token"))
                    .isEqualTo(1);
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
            assertThat(number(
                            database(),
                            "SELECT COUNT(*) FROM information_schema.tables"
                                    + " WHERE table_schema = 'second' AND table_name = 'warder_ledger'"))
                    .isEqualTo(1);
        }

        @Override
        public DataSource database() {
            return postgres.database();
        }
    }
}
