package dev.warder.ledger.lease;

import static dev.warder.ledger.lease.LeaseDatabase.MONTH;
import static dev.warder.ledger.lease.LeaseDatabase.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.PeriodKey;
import dev.warder.testkit.Turns;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Several nodes at once, which are killed now and then, in every database. */
interface LeaseThreadsContract {
    int NODES = 4;
    int STEPS = Turns.of(60, 400);

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
                    here.inTransaction(handle -> OldPeriods.deleteCharges(handle, LeaseDatabase.FAR));
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

    /**
     * A node that spends only what it has reserved, and keeps the rows that are not stored over a kill, as in a journal. One thread
     * at a time.
     */
    final class ModelNode {
        private static final long CAP = 2000;
        private static final long EDGE = 20;

        private final LeaseDatabase database;
        private final DatabaseLeases leases;
        private final List<PeriodKey> keys;
        private final Random random;
        private UUID run = UUID.randomUUID();
        private final Map<PeriodKey, Long> granted = new HashMap<>();
        private final Map<PeriodKey, Long> spent = new HashMap<>();
        private final List<Charge> journal = new ArrayList<>();
        private final List<UUID> ended = new ArrayList<>();
        private long total;

        ModelNode(LeaseDatabase database, List<PeriodKey> keys, long seed) {
            this.database = database;
            this.leases = database.leases();
            this.keys = keys;
            this.random = new Random(seed);
        }

        /** What it has spent of each budget in all its runs. */
        long total() {
            return total;
        }

        void step() throws SQLException {
            switch (random.nextInt(20)) {
                case 0 -> kill();
                case 1 -> reap();
                case 2, 3, 4, 5, 6 -> reserve();
                case 7, 8, 9 -> store();
                default -> spend();
            }
        }

        private void spend() {
            long nanos = random.nextLong(1, 5);
            boolean free =
                    keys.stream().allMatch(key -> granted.getOrDefault(key, 0L) - spent.getOrDefault(key, 0L) >= nanos);
            if (free) {
                var id = UUID.randomUUID();
                keys.forEach(key -> spent.merge(key, nanos, Long::sum));
                keys.forEach(key -> journal.add(new Charge(id, 0, run, key, nanos)));
                total += nanos;
            }
        }

        private void reserve() throws SQLException {
            var requests = new ArrayList<LeaseRequest>();
            for (var key : keys) {
                long least = spent.getOrDefault(key, 0L) + random.nextInt(5);
                long wanted = least + random.nextInt(40);
                var line = random.nextBoolean() ? new Line(wanted - least, random.nextInt(100)) : Line.NONE;
                requests.add(new LeaseRequest(
                        key,
                        new LeaseRequest.Terms(Optional.empty(), CAP, true, 1),
                        EDGE,
                        Opening.NONE,
                        least,
                        wanted,
                        line));
            }
            Collections.shuffle(requests, random);
            try {
                leases.reserve(run, requests).forEach(state -> granted.put(state.key(), state.granted()));
            } catch (FencedException fenced) {
                kill();
            }
        }

        private void store() throws SQLException {
            // Whole rows: their charges follow each other.
            int rows = Math.min(journal.size() / keys.size(), 1 + random.nextInt(5));
            var stored = journal.subList(0, rows * keys.size());
            database.settle(stored.toArray(Charge[]::new));
            stored.clear();
        }

        private void kill() {
            ended.add(run);
            run = UUID.randomUUID();
            granted.clear();
            spent.clear();
        }

        private void reap() throws SQLException {
            for (var each : ended) {
                leases.reap(each);
            }
            ended.clear();
        }

        /** Ends it in order: all rows are stored, and all leases are given back. */
        void end() throws SQLException {
            database.settle(journal.toArray(Charge[]::new));
            journal.clear();
            reap();
            leases.end(run);
        }
    }
}
