package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Route;
import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.Histogram;
import dev.warder.ledger.store.Rollup;
import dev.warder.record.CompletedRequest;
import dev.warder.record.RequestEnd;
import dev.warder.testkit.H2Memory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RollupTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Rows.NOON);

    private static CompletedRequest request() {
        return request(Route.MESSAGES);
    }

    private static CompletedRequest request(Route route) {
        return Rows.completed(route, Optional.empty());
    }

    private int left(Rollup rollup, Duration later) {
        now.set(Rows.NOON.plus(later));
        rollup.dropOld();
        return rollup.entries().size();
    }

    @Test
    void keepsOnlyTheTimesThatAreNotOverWhereNothingWritesThem() {
        var rollup = new Rollup(now::get, Duration.ZERO);
        rollup.add(request());
        assertThat(left(rollup, Duration.ZERO)).isEqualTo(2);
        assertThat(left(rollup, Duration.ofMinutes(1))).isEqualTo(1);
        assertThat(left(rollup, Duration.ofHours(1))).isZero();
    }

    @Test
    void keepsADayForADatabase() {
        var rollup = new Rollup(now::get, Rollup.KEPT);
        rollup.add(request());
        assertThat(left(rollup, Duration.ofHours(24).plusMinutes(1))).isEqualTo(1);
        assertThat(left(rollup, Duration.ofHours(25))).isZero();
    }

    /** A monitor that asks every second must not hide what clients do. */
    @Test
    void countsRequestsOfClientsOnly() {
        var rollup = new Rollup(now::get, Rollup.KEPT);
        for (var route : List.of(Route.HEALTH, Route.METRICS, Route.HELLO, Route.ROOT, Route.ADMIN)) {
            rollup.add(request(route));
        }
        assertThat(rollup.entries()).isEmpty();
        rollup.add(request(Route.NONE));
        assertThat(rollup.entries()).hasSize(2);
    }

    @Test
    void countsWhatWarderRefusedApartFromWhatFailed() {
        var rollup = new Rollup(now::get, Rollup.KEPT);
        for (var end : RequestEnd.values()) {
            rollup.add(SampleLedger.request(end, 0, 0));
        }
        assertThat(rollup.entries()).isNotEmpty().allSatisfy(entry -> {
            assertThat(entry.counts().requests()).isEqualTo(RequestEnd.values().length);
            assertThat(entry.counts().refusals()).as("refused and budget").isEqualTo(2);
            assertThat(entry.counts().failures()).isEqualTo(RequestEnd.values().length - 4);
        });
    }

    @Nested
    class HistogramTest {
        @Test
        void findsPartsToWithinAStep() {
            var histogram = new Histogram();
            for (int millis = 1; millis <= 1000; millis++) {
                histogram.add(Duration.ofMillis(millis));
            }
            assertThat(histogram.total()).isEqualTo(1000);
            assertThat(histogram.quantile(0.5)).isEqualTo(Duration.ofMillis(500));
            assertThat(histogram.quantile(0.95)).isEqualTo(Duration.ofSeconds(1));
            assertThat(histogram.quantile(0)).isZero();
            assertThat(new Histogram().quantile(0.5)).isZero();
        }

        @Test
        void readsWhatItWrites() {
            var histogram = new Histogram();
            histogram.add(Duration.ZERO);
            histogram.add(Duration.ofNanos(100_001));
            histogram.add(Duration.ofDays(1));
            var copy = new Histogram();
            copy.add(histogram.text());
            assertThat(copy.text()).isEqualTo(histogram.text()).hasSizeLessThan(1000);
            assertThat(copy.total()).isEqualTo(3);
            copy.add(histogram);
            copy.add("");
            assertThat(copy.total()).isEqualTo(6);
            assertThat(copy.quantile(1)).isEqualTo(Duration.ofSeconds(700));
        }

        @Test
        void fitsIntoItsColumn() {
            var histogram = new Histogram();
            var many = ("9".repeat(18) + ",").repeat(43);
            histogram.add(many.substring(0, many.length() - 1));
            assertThat(histogram.text()).hasSizeLessThanOrEqualTo(1000);
        }
    }

    /** What the ledger counts of itself and of requests. */
    @Nested
    class LedgerCountsTest {
        @RegisterExtension
        private final H2Memory h2 = new H2Memory();

        @Test
        void countsTheRowsThatWereStored() {
            var backlog = new Backlog.InMemory();
            var writer = new LedgerWriter(new DatabaseStore(h2.database(), "node"), backlog, nanoTime -> {}, () -> 0);
            assertThat(writer.stored()).isZero();
            assertThat(backlog.add(Rows.settled(Rows.row(), Rows.row()))).isTrue();
            assertThat(backlog.add(Rows.settled())).isTrue();
            assertThat(writer.tick()).isTrue();
            assertThat(writer.stored()).isEqualTo(2);
            assertThat(writer.tick()).isTrue();
            assertThat(writer.stored()).isEqualTo(2);
            assertThat(writer.refused()).isZero();
        }

        @Test
        void countsTheLatencyThatWasAdded() {
            var rollup = new Rollup(() -> Rows.NOON, Rollup.KEPT);
            rollup.add(Rows.completed("req_1", List.of(), Optional.of(Duration.ofMillis(2))));
            rollup.add(Rows.completed("req_2", List.of(), Optional.empty()));
            assertThat(rollup.entries()).hasSize(2).allSatisfy(entry -> {
                assertThat(entry.counts().requests()).isEqualTo(2);
                assertThat(entry.counts().added().total()).isEqualTo(1);
                assertThat(entry.counts().added().quantile(1)).isEqualTo(Duration.ofMillis(2));
            });
        }
    }
}
