package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.LedgerStore;
import dev.warder.ledger.store.LedgerStore.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {
    @Test
    void keepsTheLastRows() {
        var store = new MemoryStore();
        for (int i = 0; i < MemoryStore.ROWS + 10; i++) {
            var row = Rows.row(Rows.id(), 0, Rows.NOON.plusSeconds(i), "m" + i);
            store.add(Rows.settled(row));
        }
        var page = store.page(Position.before(Instant.EPOCH), Instant.parse("2200-01-01T00:00:00Z"));
        assertThat(page).hasSize(LedgerStore.LINES);
        assertThat(page.get(0).get(Column.MODEL_ASKED)).isEqualTo("m10");
        var next = store.page(Position.after(page.get(page.size() - 1)), Rows.NOON.plusSeconds(212));
        assertThat(next.stream().map(line -> line.get(Column.MODEL_ASKED))).containsExactly("m210", "m211");
        assertThat(store.page(Position.before(Rows.NOON.plusSeconds(9)), Rows.NOON))
                .isEmpty();
    }

    @Test
    void readsRowsThatReplacedLongerAndShorterOnes() {
        var store = new MemoryStore();
        String text = "m".repeat(200);
        for (int i = 0; i < 3 * MemoryStore.ROWS; i++) {
            var row = Rows.row(
                    Rows.id(), 0, Rows.NOON.plusSeconds(i), text.substring(0, 1 + i * 7 % (text.length() - 1)));
            store.add(Rows.settled(row));
        }
        int first = 2 * MemoryStore.ROWS;
        var page = store.page(Position.before(Instant.EPOCH), Rows.NOON.plusSeconds(first + 100));
        assertThat(page.stream().map(line -> line.get(Column.MODEL_ASKED)))
                .containsExactlyElementsOf(IntStream.range(first, first + 100)
                        .mapToObj(i -> (Object) text.substring(0, 1 + i * 7 % (text.length() - 1)))
                        .toList());
    }

    /** A row that is replaced between the look for it and its reading is left out. */
    @Test
    void readsOnlyRowsOfThePeriodWhileOthersReplaceThem() {
        var store = new MemoryStore();
        IntStream.range(0, MemoryStore.ROWS).forEach(i -> store.add(rowOf(i)));
        var end = Rows.NOON.plusSeconds(MemoryStore.ROWS);
        var writing = CompletableFuture.runAsync(
                () -> IntStream.range(MemoryStore.ROWS, 2 * MemoryStore.ROWS).forEach(i -> store.add(rowOf(i))));
        for (int pages = 0; pages < 100; pages++) {
            for (var line : store.page(Position.before(Instant.EPOCH), end)) {
                var ended = (Instant) line.get(Column.ENDED_AT);
                assertThat(ended).isBefore(end);
                assertThat(line.get(Column.MODEL_ASKED))
                        .isEqualTo("m" + Duration.between(Rows.NOON, ended).toSeconds());
            }
        }
        writing.join();
        assertThat(store.page(Position.before(Instant.EPOCH), end)).isEmpty();
    }

    private static Intent.Settled rowOf(int i) {
        return Rows.settled(Rows.row(Rows.id(), 0, Rows.NOON.plusSeconds(i), "m" + i));
    }

    @Test
    void sortsRowsOfOneMillisecondByTheirIds() {
        var store = new MemoryStore();
        var ids = Stream.generate(Rows::id).limit(LedgerStore.LINES + 10).toList();
        var mixed = new ArrayList<>(ids);
        Collections.shuffle(mixed, new Random(1));
        mixed.forEach(id -> store.add(Rows.settled(Rows.row(id, 0, Rows.NOON, "m"))));
        var page = store.page(Position.before(Instant.EPOCH), Instant.parse("2200-01-01T00:00:00Z"));
        var next = store.page(Position.after(page.get(page.size() - 1)), Instant.parse("2200-01-01T00:00:00Z"));
        assertThat(Stream.concat(page.stream(), next.stream()).map(line -> line.get(Column.TRY_ID)))
                .containsExactlyElementsOf(
                        ids.stream().map(UUID::toString).sorted().toList());
        assertThat(store.storedAtOnce()).isEqualTo(ids.size());
    }
}
