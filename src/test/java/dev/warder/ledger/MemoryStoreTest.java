package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.LedgerStore.Position;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {
    @Test
    void keepsTheLastRowsAndEachOnce() {
        var store = new MemoryStore();
        for (int i = 0; i < MemoryStore.ROWS + 10; i++) {
            var row = Rows.row(Rows.id(), 0, Rows.NOON.plusSeconds(i), "m" + i);
            store.store(List.of(Rows.settled(row), Rows.settled(row)));
        }
        var page = store.page(Position.before(Instant.EPOCH), Instant.parse("2200-01-01T00:00:00Z"));
        assertThat(page).hasSize(LedgerTable.LINES);
        assertThat(page.get(0).get(Column.MODEL_ASKED)).isEqualTo("m10");
        var next = store.page(Position.after(page.get(page.size() - 1)), Rows.NOON.plusSeconds(212));
        assertThat(next.stream().map(line -> line.get(Column.MODEL_ASKED))).containsExactly("m210", "m211");
        assertThat(store.page(Position.before(Rows.NOON.plusSeconds(9)), Rows.NOON))
                .isEmpty();
    }
}
