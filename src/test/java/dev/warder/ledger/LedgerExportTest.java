package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Preceded;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LedgerExportTest {
    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final AtomicInteger failures = new AtomicInteger();

    /** Reads from a database that fails as often as this. */
    private LedgerExport export(int times) {
        failures.set(times);
        Preceded.Before broken = method -> {
            if (failures.getAndDecrement() > 0) {
                throw new SQLException("gone");
            }
        };
        var store = new DatabaseStore(Preceded.by(broken, DataSource.class, h2.database()), "node");
        return new LedgerExport(store, LineFormat.CSV, Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z"));
    }

    @Test
    void readsAPageAgainAfterAFailure() throws Exception {
        var export = export(2);
        assertThat(export.next()).startsWith("try_id,");
        assertThat(export.next()).isEmpty();
    }

    @Test
    void failsIfAPageCannotBeRead() {
        assertThatThrownBy(export(3)::next).isInstanceOf(SQLException.class);
    }
}
