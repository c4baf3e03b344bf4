package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.http.Route;
import dev.warder.record.CompletedRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReportReaderTest {
    private static final Instant HOUR = Rows.NOON.truncatedTo(ChronoUnit.HOURS);
    private static final LedgerPeriod PERIOD =
            new LedgerPeriod(HOUR, HOUR.plus(1, ChronoUnit.HOURS), Duration.ofMinutes(10), true);

    private static CompletedRequest request() {
        return Rows.completed(Route.MESSAGES, Optional.of(Duration.ofMillis(2)));
    }

    @Test
    void addsMemoryAndRowsWithoutCountingThisRunTwice() throws Exception {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + UUID.randomUUID());
        try (var kept = source.getConnection()) {
            assertThat(kept.isClosed()).isFalse();
            var rollup = new Rollup(() -> Rows.NOON, Rollup.KEPT);
            rollup.add(request());
            var own = new DatabaseStore(source, "node-a", "a");
            own.write(rollup.entries());
            new DatabaseStore(source, "node-b", "b").write(rollup.entries());
            rollup.add(request());
            var requests = new ReportReader(own, rollup).read(PERIOD).requests();
            assertThat(requests).hasSize(1);
            assertThat(requests.get(0).starts()).isEqualTo(HOUR);
            assertThat(requests.get(0).all()).isEqualTo(3);
            assertThat(requests.get(0).firstByte().count()).isEqualTo(3);
            assertThat(requests.get(0).firstByte().p99()).isEqualTo(Duration.ofMillis(2));
            var after = new Rollup(() -> Rows.NOON, Rollup.KEPT);
            assertThat(new ReportReader(own, after)
                            .read(PERIOD)
                            .requests()
                            .get(0)
                            .all())
                    .isEqualTo(2);
        }
    }

    @Test
    void sumsRowsInMemory() throws Exception {
        var memory = new MemoryStore();
        var id = Rows.id();
        memory.store(List.of(
                Rows.settled(Rows.row(id, 0, HOUR, "x"), Rows.row(id, 1, HOUR.plusSeconds(599), "x")),
                Rows.settled(Rows.row(Rows.id(), 0, HOUR.plusSeconds(600), "y")),
                Rows.settled(Rows.row(Rows.id(), 0, HOUR.minusMillis(1), "z")),
                Rows.settled(Rows.row(Rows.id(), 0, HOUR.plusSeconds(3600), "z"))));
        var report = new ReportReader(memory, new Rollup(() -> Rows.NOON, Rollup.KEPT)).read(PERIOD);
        assertThat(report.usage())
                .containsExactly(
                        new LedgerReport.UsageSlot(HOUR, new LedgerReport.Usage(2, 2, 4, 6, 8, 10, 0, 248)),
                        new LedgerReport.UsageSlot(
                                HOUR.plusSeconds(600), new LedgerReport.Usage(1, 1, 2, 3, 4, 5, 0, 124)));
        assertThat(report.models()).hasSize(1);
        assertThat(report.models().get(0).name()).contains("sent");
        assertThat(report.sessions().get(0).client()).contains("build");
        assertThat(report.clients().get(0).last()).isEqualTo(HOUR.plusSeconds(600));
    }

    @Test
    void completesWithoutAReportWhenItCannotBeRead() throws Exception {
        var around = new LedgerParts.Surroundings(Thread::new, InstantSource.system(), System::nanoTime);
        LedgerParts memory = LedgerParts.inMemory(around);
        LedgerStore broken = new LedgerStore() {
            @Override
            public int store(List<Intent.Settled> settled) {
                return 0;
            }

            @Override
            public List<Line> page(Position after, Instant to) {
                return List.of();
            }

            @Override
            public StoredSums sums(LedgerPeriod period) throws SQLException {
                throw new SQLException("away");
            }
        };
        var parts = new LedgerParts(
                broken,
                memory.backlog(),
                memory.writer(),
                memory.rollup(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        var ledger = new Ledger(parts, around);
        assertThat(ledger.report(PERIOD).get(20, TimeUnit.SECONDS)).isEmpty();
        ledger.close();
        assertThat(ledger.report(PERIOD).get(20, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void refusesAPeriodWithTooManySlots() {
        assertThatThrownBy(() -> new LedgerPeriod(HOUR, HOUR.plusSeconds(201 * 60), Duration.ofMinutes(1), true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LedgerPeriod(HOUR, HOUR, Duration.ofMinutes(1), true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
