package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Route;
import dev.warder.ledger.store.Rollup;
import dev.warder.record.CompletedRequest;
import dev.warder.record.RequestEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

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
}
