package dev.warder.ledger.lease;

import static dev.warder.ledger.lease.LeaseDatabase.MONTH;
import static dev.warder.ledger.lease.LeaseDatabase.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.PeriodKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Several nodes at once, which are killed now and then, in every database. */
interface LeaseThreadsContract {
    int NODES = 4;
    int STEPS = 200;

    /** An empty database. */
    DataSource database();

    @Test
    default void nodesNeverBlockEachOtherAndNeverExceedTheCap() throws Exception {
        var here = new LeaseDatabase(database());
        here.leases().liveNodes();
        var keys = List.of(MONTH, OTHER, new PeriodKey("client/build/day", LeaseDatabase.START));
        var nodes = IntStream.range(0, NODES)
                .mapToObj(i -> new ModelNode(here, keys, 2026 + i))
                .toList();
        var threads = Executors.newFixedThreadPool(NODES + 1);
        try {
            var running = new ArrayList<Future<?>>();
            for (var node : nodes) {
                running.add(threads.submit(() -> {
                    for (int step = 0; step < STEPS; step++) {
                        node.step();
                    }
                    return null;
                }));
            }
            var working = List.copyOf(running);
            running.add(threads.submit(() -> {
                while (working.stream().anyMatch(each -> !each.isDone())) {
                    assertThat(here.mostOutOfCap()).isLessThanOrEqualTo(0);
                    here.check();
                    here.inTransaction(connection -> OldPeriods.deleteCharges(connection, LeaseDatabase.FAR));
                }
                return null;
            }));
            for (var each : running) {
                each.get(120, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        for (var node : nodes) {
            node.end();
        }
        here.check();
        long spent = nodes.stream().mapToLong(ModelNode::total).sum();
        assertThat(spent).isPositive();
        for (var key : keys) {
            var period = here.period(key);
            assertThat(List.of(period.spent(), period.overage(), period.leased()))
                    .containsExactly(spent, 0L, 0L);
        }
    }
}
