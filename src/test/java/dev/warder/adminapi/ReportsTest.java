package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.InvalidValueException;
import dev.warder.ledger.DatabaseGroups;
import dev.warder.testkit.OnH2;
import dev.warder.testkit.OnPostgres;
import dev.warder.usage.PriceBook;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final String QUERY = "starting_at=2026-11-20T00:00:00Z";

    @Test
    void readsNothingForACallerThatHasLeft() {
        var ledger = new DatabaseGroups(new JdbcDataSource());
        var reports = new Reports(Optional.of(ledger), PriceBook::shipped, () -> NOW, System::nanoTime);
        assertThatThrownBy(() -> reports.usage(QUERY, () -> false)).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> reports.cost(QUERY, () -> false)).isInstanceOf(CancellationException.class);
    }

    @Test
    void refusesAWrongQueryAlsoWithoutALedger() throws Exception {
        var reports = new Reports(Optional.empty(), PriceBook::shipped, () -> NOW, System::nanoTime);
        assertThat(reports.usage(QUERY, () -> true)).isEmpty();
        assertThatThrownBy(() -> reports.cost("", () -> true)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void namesTheReasonOfAFailure() {
        assertThat(Reports.failure(new SQLTimeoutException()).message()).contains("shorter buckets");
        assertThat(Reports.failure(new SQLException("planted")).message())
                .contains("ledger")
                .doesNotContain("planted");
        assertThat(Reports.failure(new SQLException()).status()).isEqualTo(503);
    }

    @Nested
    class H2Reports extends OnH2 implements ReportsContract {}

    @Nested
    @Tag("turn-2")
    @Tag("turn-only")
    class PostgresReports extends OnPostgres implements ReportsContract {}
}
