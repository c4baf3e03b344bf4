package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.database.LimitedSource;
import dev.warder.http.Route;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.LedgerPeriod;
import dev.warder.ledger.store.Rollup;
import dev.warder.record.CompletedRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(60)
class ReportReaderTest {
    private static final Instant HOUR = Rows.NOON.truncatedTo(ChronoUnit.HOURS);
    private static final LedgerPeriod PERIOD =
            new LedgerPeriod(HOUR, HOUR.plus(1, ChronoUnit.HOURS), Duration.ofMinutes(10), true);

    private static CompletedRequest request() {
        return Rows.completed(Route.MESSAGES, Optional.of(Duration.ofMillis(2)));
    }

    private static List<LedgerReport.Requests> requests(LedgerReport report) {
        return report.counts().orElseThrow().requests();
    }

    @Test
    void addsMemoryAndRowsWithoutCountingThisRunTwice() throws Exception {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + UUID.randomUUID());
        try (var kept = source.getConnection()) {
            assertThat(kept.isClosed()).isFalse();
            var rollup = new Rollup(() -> Rows.NOON, Rollup.KEPT);
            rollup.add(request());
            var own = new DatabaseStore(source, "node-a");
            own.write(rollup.entries());
            var other = new Rollup(() -> Rows.NOON, Rollup.KEPT);
            other.add(request());
            new DatabaseStore(source, "node-b").write(other.entries());
            rollup.add(request());
            var requests = requests(new ReportReader(source, "node-a", rollup).read(PERIOD));
            assertThat(requests).hasSize(1);
            assertThat(requests.get(0).starts()).isEqualTo(HOUR);
            assertThat(requests.get(0).all()).isEqualTo(3);
            assertThat(requests.get(0).firstByte().count()).isEqualTo(3);
            assertThat(requests.get(0).firstByte().p99()).isEqualTo(Duration.ofMillis(2));
            var after = new Rollup(() -> Rows.NOON, Rollup.KEPT);
            assertThat(requests(new ReportReader(source, "node-a", after).read(PERIOD))
                            .get(0)
                            .all())
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "warder_rollup,counts",
        "warder_usage,usage clients models",
        "warder_class_usage,classes",
        "warder_ledger,sessions"
    })
    void leavesOutOnlyThePartsThatCannotBeRead(String table, String parts) throws Exception {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + UUID.randomUUID());
        try (var kept = source.getConnection();
                var statement = kept.createStatement()) {
            var store = new DatabaseStore(source, "node-a");
            store.store(List.of(Rows.settled(Rows.row())));
            statement.execute("DROP TABLE " + table);
            var report = new ReportReader(source, "node-a", new Rollup(() -> Rows.NOON, Rollup.KEPT)).read(PERIOD);
            assertThat(missing(report)).containsExactly(parts.split(" "));
        }
    }

    private static List<String> missing(LedgerReport report) {
        var parts = new LinkedHashMap<String, Optional<?>>();
        parts.put("counts", report.counts());
        parts.put("usage", report.usage());
        parts.put("clients", report.clients());
        parts.put("models", report.models());
        parts.put("classes", report.classes());
        parts.put("sessions", report.sessions());
        return parts.entrySet().stream()
                .filter(part -> part.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Each part would wait for it. */
    @Test
    void asksADatabaseThatIsAwayOnce() {
        var asked = new AtomicInteger();
        var away = new PGSimpleDataSource();
        away.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
        var source = new LimitedSource(away, work -> {
            asked.incrementAndGet();
            return new Thread(work);
        });
        var reader = new ReportReader(source, "node-a", new Rollup(() -> Rows.NOON, Rollup.KEPT));
        assertThat(reader.read(PERIOD)).isEqualTo(LedgerReport.UNREADABLE);
        assertThat(asked).hasValue(1);
    }

    @Test
    void refusesAPeriodWithTooManySlots() {
        assertThatThrownBy(() -> new LedgerPeriod(HOUR, HOUR.plusSeconds(201 * 60), Duration.ofMinutes(1), true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LedgerPeriod(HOUR, HOUR, Duration.ofMinutes(1), true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
