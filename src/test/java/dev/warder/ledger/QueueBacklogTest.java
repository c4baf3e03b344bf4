package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.Intent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueBacklogTest {
    private final QueueBacklog backlog = new QueueBacklog();

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
    void takesAFixedNumberOfRequests() {
        int taken = 0;
        while (backlog.add(Rows.settled(Rows.row()))) {
            taken++;
        }
        assertThat(taken).isEqualTo(QueueBacklog.LIMIT);
        assertThat(all()).hasSize(taken);
        assertThat(all()).isEmpty();
        assertThat(backlog.add(Rows.settled(Rows.row()))).isTrue();
    }
}
