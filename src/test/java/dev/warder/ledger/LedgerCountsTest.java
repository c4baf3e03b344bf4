package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Call;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.record.CompletedRequest;
import dev.warder.record.Conversation;
import dev.warder.record.RequestEnd;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the ledger counts of itself and of requests. */
class LedgerCountsTest {
    @Test
    void countsTheRowsThatWereStored() {
        var backlog = new QueueBacklog();
        var writer = new LedgerWriter(new MemoryStore(), backlog, nanoTime -> {}, () -> 0);
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
        rollup.add(request(Optional.of(Duration.ofMillis(2))));
        rollup.add(request(Optional.empty()));
        assertThat(rollup.entries()).hasSize(2).allSatisfy(entry -> {
            assertThat(entry.counts().requests()).isEqualTo(2);
            assertThat(entry.counts().added().total()).isEqualTo(1);
            assertThat(entry.counts().added().quantile(1)).isEqualTo(Duration.ofMillis(2));
        });
    }

    private static CompletedRequest request(Optional<Duration> addedLatency) {
        return new CompletedRequest(
                new Call("req_1", "POST", new RequestTarget("/v1/messages", Optional.empty()), Route.MESSAGES),
                "/v1/messages",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Conversation.UNKNOWN,
                List.of(),
                OptionalInt.of(200),
                1,
                2,
                Optional.empty(),
                addedLatency,
                Duration.ofSeconds(1),
                RequestEnd.OK,
                Optional.empty());
    }
}
