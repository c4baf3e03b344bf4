package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Preceded;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LedgerExportTest {
    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    /** Reads from a database that fails so at first. */
    private LedgerExport export(Exception... all) {
        var failures = new ArrayDeque<>(List.of(all));
        Preceded.Before broken = method -> {
            if (!failures.isEmpty()) {
                throw failures.remove();
            }
        };
        var store = new DatabaseStore(Preceded.by(broken, DataSource.class, h2.database()), "node");
        return new LedgerExport(store, LineFormat.CSV, Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z"));
    }

    @Test
    void readsAPageAgainAfterAFailure() throws Exception {
        var export = export(new SQLException("gone"));
        assertThatThrownBy(export::next).isInstanceOf(SQLException.class);
        assertThat(export.next()).startsWith("try_id,");
        assertThat(export.next()).isEmpty();
    }

    @Test
    void takesAFaultOfADriverForOneOfTheDatabase() {
        var export = export(new IllegalStateException("closed"));
        assertThatThrownBy(export::next).isInstanceOf(SQLException.class);
    }
}
