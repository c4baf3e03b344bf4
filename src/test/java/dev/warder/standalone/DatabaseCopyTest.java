package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.database.DatabaseSchema;
import dev.warder.standalone.DatabaseCopy.CopyException;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Postgres;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseCopyTest {
    private static final String HOSTILE = "a,\"b\"\n'c'\r\n\\.\t\\N\\\\ ü€😀 NULL\u202e";

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    @RegisterExtension
    private final Postgres postgres = Postgres.empty();

    private static void change(DataSource source, String sql, Object... values) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static List<String> texts(DataSource source, String sql) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(text(rows));
            }
            return texts;
        }
    }

    /** PostgreSQL writes f and H2 FALSE. */
    private static String text(ResultSet rows) throws SQLException {
        var values = new ArrayList<String>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            values.add(String.valueOf(rows.getString(i))
                    .replaceFirst("^TRUE$", "t")
                    .replaceFirst("^FALSE$", "f"));
        }
        return String.join("|", values);
    }

    /** Each table that the migrations make is copied, so that a new one cannot be forgotten. */
    @Test
    void copiesEachTable() throws Exception {
        new DatabaseSchema(postgres.database(), DatabaseSchema.Tables.LEDGER).bringUpToDate();
        var tables = texts(
                postgres.database(),
                "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'warder%'"
                        + " AND table_type = 'BASE TABLE' AND table_name <> 'warder_schema_history'");
        assertThat(tables).hasSizeGreaterThan(20);
        assertThat(DatabaseCopy.Tables.NAMES).containsExactlyInAnyOrderElementsOf(new TreeSet<>(tables));
    }

    @Test
    void keepsEachValueAsItIs() throws Exception {
        new DatabaseSchema(h2.database(), DatabaseSchema.Tables.LEDGER).bringUpToDate();
        var time = OffsetDateTime.parse("2026-11-26T07:59:59.123456+05:30");
        change(h2.database(), "INSERT INTO warder_oauth_token VALUES (?, 7, ?, NULL)", HOSTILE, "");
        change(h2.database(), "INSERT INTO warder_oauth_token VALUES ('second', ?, NULL, ?)", Long.MAX_VALUE, time);
        change(h2.database(), "INSERT INTO warder_limit VALUES ('client/ada', ?, ?)", 0.1 + 0.2, time);
        change(
                h2.database(),
                "INSERT INTO warder_increase_request VALUES (1, 'ada', 'day', NULL, ?, ?, TRUE, NULL, NULL, NULL)",
                HOSTILE,
                time);
        change(
                h2.database(),
                "INSERT INTO warder_policy_object VALUES ('client', 'ada', ?, FALSE, 1, ?, ?)",
                "{\"x\": \"" + "long, ".repeat(20_000) + HOSTILE + "\"}",
                time,
                time);
        change(h2.database(), "UPDATE warder_policy_revision SET revision = 9, audit_number = 3, audit_hash = 'x'");
        change(h2.database(), "UPDATE warder_policy SET highest = 4, sha256 = 'y'");

        var counts = new DatabaseCopy(h2.database(), postgres.database()).run();
        assertThat(counts).containsOnlyKeys(DatabaseCopy.Tables.NAMES);
        assertThat(counts.get("warder_oauth_token")).isEqualTo(2);
        for (var sql : List.of(
                "SELECT name, generation, token, token IS NULL FROM warder_oauth_token ORDER BY generation",
                "SELECT content, limit_key FROM warder_limit",
                "SELECT number, client, budget_period, asked_cents, reason, pending, resolved_by FROM warder_increase_request",
                "SELECT document, removed FROM warder_policy_object",
                "SELECT name, revision, audit_number, audit_hash FROM warder_policy_revision",
                "SELECT name, highest, sha256, owners, owners_of FROM warder_policy")) {
            assertThat(texts(postgres.database(), sql))
                    .as(sql)
                    .containsExactlyElementsOf(texts(h2.database(), sql))
                    .isNotEmpty();
        }
        assertThat(texts(postgres.database(), "SELECT COUNT(*) FROM warder_limit WHERE filled_at = '" + time + "'"))
                .containsExactly("1");
    }

    /** A row with values of its own in each column of each table. */
    @Test
    void keepsARowOfEachTable() throws Exception {
        for (var source : List.of(h2.database(), postgres.database())) {
            new DatabaseSchema(source, DatabaseSchema.Tables.LEDGER).bringUpToDate();
        }
        change(h2.database(), "DELETE FROM warder_policy");
        change(h2.database(), "DELETE FROM warder_policy_revision");
        for (var table : DatabaseCopy.Tables.NAMES) {
            var values = texts(
                            h2.database(),
                            "SELECT data_type, character_maximum_length, ordinal_position FROM information_schema.columns"
                                    + " WHERE table_name = '"
                                    + table.toUpperCase(Locale.ROOT)
                                    + "' ORDER BY ordinal_position")
                    .stream()
                    .map(column -> value(table, column.split("\\|")))
                    .toArray();
            change(
                    h2.database(),
                    "INSERT INTO " + table + " VALUES (?" + ", ?".repeat(values.length - 1) + ")",
                    values);
        }
        assertThat(new DatabaseCopy(h2.database(), postgres.database()).run().values())
                .containsOnly(1L);
        for (var table : DatabaseCopy.Tables.NAMES) {
            assertThat(values(postgres.database(), table)).as(table).isEqualTo(values(h2.database(), table));
            // The numbers of budgets do not fit together.
            change(h2.database(), "DELETE FROM " + table);
            change(postgres.database(), "DELETE FROM " + table);
        }
    }

    private static Object value(String table, String... column) {
        int number = 1000 + 50 * DatabaseCopy.Tables.NAMES.indexOf(table) - Integer.parseInt(column[2]);
        return switch (column[0]) {
            case "BOOLEAN" -> number % 2 == 0;
            case "CHARACTER VARYING" -> {
                String text = number + "x".repeat(600);
                yield text.substring(0, Math.min(text.length(), Integer.parseInt(column[1])));
            }
            case "CHARACTER LARGE OBJECT" -> "large " + number;
            case "TIMESTAMP WITH TIME ZONE" ->
                OffsetDateTime.parse("2026-11-26T00:00:00Z").plusSeconds(number);
            case "DATE" -> LocalDate.of(2026, 1, 1).plusDays(number);
            case "DOUBLE PRECISION" -> number + 0.125;
            case "NUMERIC" -> new BigDecimal(number + ".000000123456789");
            case "BIGINT", "INTEGER" -> number;
            default -> throw new IllegalArgumentException(column[0]);
        };
    }

    private static List<Object> values(DataSource source, String table) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT * FROM " + table)) {
            assertThat(rows.next()).isTrue();
            var values = new ArrayList<Object>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                int type = rows.getMetaData().getColumnType(i);
                values.add(
                        switch (type) {
                            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE ->
                                rows.getObject(i, OffsetDateTime.class).toInstant();
                            case Types.BOOLEAN, Types.BIT -> rows.getBoolean(i);
                            case Types.NUMERIC, Types.DOUBLE ->
                                rows.getBigDecimal(i).stripTrailingZeros();
                            default -> rows.getString(i);
                        });
            }
            return values;
        }
    }

    /** As a gateway does that runs. */
    @Test
    void refusesADatabaseThatAnotherOneWrites() throws Exception {
        new DatabaseSchema(postgres.database(), DatabaseSchema.Tables.LEDGER).bringUpToDate();
        try (var connection = postgres.database().getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE warder_policy SET sha256 = 'x'");
            assertThatThrownBy(() -> new DatabaseCopy(h2.database(), postgres.database()).run())
                    .isInstanceOf(CopyException.class)
                    .hasMessageContaining("is in use (SQL state 55P03)");
            connection.rollback();
        }
    }

    @Test
    void refusesTablesOfALaterVersion() throws Exception {
        new DatabaseSchema(h2.database(), DatabaseSchema.Tables.LEDGER).bringUpToDate();
        change(h2.database(), "CREATE TABLE warder_later (name VARCHAR(9))");
        assertThatThrownBy(() -> new DatabaseCopy(h2.database(), postgres.database()).run())
                .hasMessageContaining("tables of a later version");
    }

    @Test
    void leavesADatabaseAloneThatIsInUse() throws Exception {
        new DatabaseSchema(postgres.database(), DatabaseSchema.Tables.LEDGER).bringUpToDate();
        change(postgres.database(), "UPDATE warder_policy_revision SET revision = 1");
        assertThatThrownBy(() -> new DatabaseCopy(h2.database(), postgres.database()).run())
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("has rows in warder_policy_revision");
        assertThat(texts(postgres.database(), "SELECT revision FROM warder_policy_revision"))
                .containsExactly("1");
    }

    /** A failure in the middle: the last table cannot be written. */
    @Test
    void copiesAllOrNothing() throws Exception {
        for (var source : List.of(h2.database(), postgres.database())) {
            new DatabaseSchema(source, DatabaseSchema.Tables.LEDGER).bringUpToDate();
        }
        change(h2.database(), "INSERT INTO warder_oauth_token VALUES ('main', 1, 'x', NULL)");
        change(
                h2.database(),
                "INSERT INTO warder_increase_request VALUES (1, 'ada', 'day', NULL, '', ?, TRUE, NULL, NULL, NULL)",
                OffsetDateTime.parse("2026-11-26T00:00:00Z"));
        change(postgres.database(), "ALTER TABLE warder_increase_request ADD CHECK (number > 1)");
        assertThatThrownBy(() -> new DatabaseCopy(h2.database(), postgres.database()).run())
                .isInstanceOf(CopyException.class)
                .hasMessage("warder_increase_request cannot be copied (SQL state 23514); nothing was copied");
        assertThat(texts(postgres.database(), "SELECT * FROM warder_oauth_token"))
                .isEmpty();
        change(
                postgres.database(),
                "ALTER TABLE warder_increase_request DROP CONSTRAINT warder_increase_request_number_check");
        assertThat(new DatabaseCopy(h2.database(), postgres.database()).run().get("warder_increase_request"))
                .as("again")
                .isEqualTo(1);
    }
}
