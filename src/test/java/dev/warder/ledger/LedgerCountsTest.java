package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.Rollup;
import dev.warder.testkit.H2Memory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the ledger counts of itself and of requests. */
class LedgerCountsTest {
    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    @Test
    void countsTheRowsThatWereStored() {
        var backlog = new QueueBacklog();
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
