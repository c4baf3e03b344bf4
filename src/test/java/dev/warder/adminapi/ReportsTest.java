package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.DatabaseGroups;
import dev.warder.testkit.OnH2;
import dev.warder.testkit.OnPostgres;
import dev.warder.usage.PriceBook;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static final long SECONDS = 20;
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final String QUERY = "starting_at=2026-11-20T00:00:00Z";

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final AtomicInteger reads = new AtomicInteger();
    private final Reports reports =
            new Reports(Optional.of(new Slow()), PriceBook::shipped, Thread::new, () -> NOW, System::nanoTime);

    /** A ledger that gives nothing before {@link #goesOn}, and then that it cannot be read. */
    private final class Slow extends DatabaseGroups {
        Slow() {
            super(new JdbcDataSource());
        }

        @Override
        public Optional<Instant> pieceEnd(Instant from, Instant to, int rows) throws SQLException {
            reads.incrementAndGet();
            asked.countDown();
            try {
                assertThat(goesOn.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            throw new SQLException("away", "08001");
        }

        @Override
        public void read(Query query, Consumer<DatabaseGroups.Group> groups) {
            throw new AssertionError("nothing is read");
        }
    }

    @AfterEach
    void end() {
        goesOn.countDown();
        reports.close();
    }

    @Test
    void readsOneReportAtATime() throws Exception {
        var first = reports.usage(ReportQuery.ofUsage(QUERY));
        assertThat(asked.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        var second = reports.cost(ReportQuery.ofCost(QUERY));
        var cancelled = reports.cost(ReportQuery.ofCost(QUERY));
        assertThat(cancelled.cancel(false)).isTrue();
        assertThat(reads).hasValue(1);
        goesOn.countDown();
        for (var each : List.of(first, second)) {
            assertThat(each)
                    .failsWithin(Duration.ofSeconds(SECONDS))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(SQLException.class);
        }
        assertThat(reads).hasValue(2);
    }

    @Test
    void endsWhatWaitsWhenItIsClosed() throws Exception {
        var first = reports.usage(ReportQuery.ofUsage(QUERY));
        assertThat(asked.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        var waits = reports.usage(ReportQuery.ofUsage(QUERY));
        reports.close();
        assertThat(waits).isCompletedExceptionally();
        assertThat(first).isNotDone();
        assertThat(reports.cost(ReportQuery.ofCost(QUERY))).isCompletedExceptionally();
    }

    @Test
    void hasAFixedNumberOfPlaces() {
        for (int i = 0; i < Reports.MOST_OPEN; i++) {
            assertThat(reports.reads().enter()).isTrue();
        }
        assertThat(reports.reads().enter()).isFalse();
        reports.reads().leave();
        assertThat(reports.reads().enter()).isTrue();
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
