package dev.warder.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.LogCapture;
import java.util.List;
import java.util.logging.Level;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

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
}
