package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.Intent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QueueBacklogTest {
    private final QueueBacklog backlog = new QueueBacklog();

    private static Intent.Settled ends(UUID intent) {
        return new Intent.Settled(Optional.of(intent), List.of(Rows.row()));
    }

    private List<Intent.Settled> all() {
        var all = new ArrayList<Intent.Settled>();
        boolean last = false;
        while (!last) {
            var batch = backlog.next();
            all.addAll(batch.settled());
            last = batch.last();
            backlog.stored();
        }
        return all;
    }

    @Test
    void keepsSpaceForRequestsWithAnIntentAndTheIdsOfTheRest() {
        int taken = 0;
        while (backlog.add(Rows.settled(Rows.row()))) {
            taken++;
        }
        assertThat(taken).isEqualTo(QueueBacklog.LIMIT);
        while (backlog.add(ends(Rows.id()))) {
            taken++;
        }
        assertThat(taken).isEqualTo(QueueBacklog.LIMIT + QueueBacklog.LIMIT / 8);
        var id = Rows.id();
        assertThat(backlog.add(new Intent.Settled(Optional.of(id), List.of()))).isTrue();
        var all = all();
        assertThat(all).hasSize(taken + 2);
        assertThat(all.get(taken + 1)).isEqualTo(new Intent.Settled(Optional.of(id), List.of()));
        assertThat(all()).isEmpty();
        assertThat(backlog.add(Rows.settled(Rows.row()))).isTrue();
    }
}
