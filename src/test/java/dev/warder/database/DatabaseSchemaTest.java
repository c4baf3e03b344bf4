package dev.warder.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.LogCapture;
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
}
