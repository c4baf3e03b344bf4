package dev.warder.ledger.lease;

import static dev.warder.ledger.lease.LeaseDatabase.MONTH;
import static dev.warder.ledger.lease.LeaseDatabase.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.PeriodKey;
import dev.warder.testkit.AtOnce;
import dev.warder.testkit.Turns;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Several nodes at once, which are killed now and then, in every database. */
interface LeaseThreadsContract {
    int NODES = 4;
    int STEPS = Turns.of(60, 400);
    List<PeriodKey> KEYS = List.of(MONTH, OTHER, LeaseDatabase.key(1));

    /** An empty database. */
    DataSource database();

    @Test
    default void nodesNeverBlockEachOtherAndNeverExceedTheCap() throws Exception {
        var here = new LeaseDatabase(database());
        here.leases.liveNodes();
        var running = new AtomicInteger(NODES);
        var spent = AtOnce.run(NODES + 1, thread -> {
            if (thread < NODES) {
                try {
                    return new ModelNode(here, 2026 + thread).run();
                } finally {
                    running.decrementAndGet();
                }
            }
            while (running.get() > 0) {
                assertThat(here.mostOutOfCap()).isLessThanOrEqualTo(0);
                here.check();
                here.inTransaction(handle -> OldPeriods.deleteCharges(handle, Instant.parse("2200-01-01T00:00:00Z")));
            }
            return 0L;
        });
        here.check();
        long sum = spent.stream().mapToLong(Long::longValue).sum();
        assertThat(sum).isPositive();
        for (var key : KEYS) {
            assertThat(here.amounts(key)).as("%s", key).startsWith(sum, 0L).endsWith(0L);
        }
    }

    /**
     * A node that spends only what it has reserved, and keeps the rows that are not stored over a kill, as in a journal. One thread
     * at a time.
     */
    final class ModelNode {
        private static final long CAP = 2000;
        private static final long EDGE = 20;

        private final LeaseDatabase database;
        private final Random random;
        private UUID run = UUID.randomUUID();
        private final Map<PeriodKey, Long> granted = new HashMap<>();
        private long spent;
        private final List<Charge> journal = new ArrayList<>();
        private final List<UUID> ended = new ArrayList<>();
        private long total;

        ModelNode(LeaseDatabase database, long seed) {
            this.database = database;
            this.random = new Random(seed);
        }

        /** What it has spent of each budget in all its runs, after it has stored all and given back the rest. */
        long run() throws SQLException {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(20)) {
                    case 0 -> kill();
                    case 1 -> reap();
                    case 2, 3, 4, 5, 6 -> reserve();
                    case 7, 8, 9 -> store(1 + random.nextInt(5));
                    default -> spend();
                }
            }
            store(Integer.MAX_VALUE);
            reap();
            database.leases.end(run);
            return total;
        }

        private void spend() {
            long nanos = random.nextLong(1, 5);
            if (KEYS.stream().allMatch(key -> granted.getOrDefault(key, 0L) - spent >= nanos)) {
                var id = UUID.randomUUID();
                KEYS.forEach(key -> journal.add(new Charge(id, 0, run, key, nanos)));
                spent += nanos;
                total += nanos;
            }
        }

        private void reserve() throws SQLException {
            var terms = new LeaseRequest.Terms(Optional.empty(), CAP, true, 1);
            var requests = new ArrayList<LeaseRequest>();
            for (var key : KEYS) {
                long least = spent + random.nextInt(5);
                long wanted = least + random.nextInt(40);
                var line = random.nextBoolean() ? new Line(wanted - least, random.nextInt(100)) : Line.NONE;
                requests.add(new LeaseRequest(key, terms, EDGE, Opening.NONE, least, wanted, line));
            }
            Collections.shuffle(requests, random);
            try {
                database.leases.reserve(run, requests).forEach(state -> granted.put(state.key(), state.granted()));
            } catch (FencedException fenced) {
                kill();
            }
        }

        /** Whole rows: their charges follow each other. */
        private void store(int most) throws SQLException {
            int rows = Math.min(journal.size() / KEYS.size(), most);
            var stored = journal.subList(0, rows * KEYS.size());
            database.settle(stored.toArray(Charge[]::new));
            stored.clear();
        }

        private void kill() {
            ended.add(run);
            run = UUID.randomUUID();
            granted.clear();
            spent = 0;
        }

        private void reap() throws SQLException {
            for (var each : ended) {
                database.leases.reap(each);
            }
            ended.clear();
        }
    }
}
