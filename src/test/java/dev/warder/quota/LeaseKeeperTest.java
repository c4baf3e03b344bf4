package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.Eventually;
import dev.warder.ledger.lease.LeaseRequest;
import dev.warder.ledger.lease.LeaseState;
import dev.warder.ledger.lease.LeaseStore;
import dev.warder.ledger.lease.LiveNodes;
import dev.warder.ledger.lease.Opening;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.BudgetScope;
import dev.warder.quota.LeaseKeeper.LeaseEvents;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a node reports that it lives, and whom it takes for dead. */
class LeaseKeeperTest {
    private static final UUID SELF = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);

    private final AtomicLong nanoTime = new AtomicLong(1_000_000_000);
    private final Store store = new Store();
    private final Accounts accounts = new Accounts(SELF, 1000, nanoTime::get);
    private final AtomicInteger befores = new AtomicInteger();
    private final BlockingQueue<Boolean> looks = new LinkedBlockingQueue<>();
    private final AtomicInteger jumps = new AtomicInteger();
    private final ClockWatch clockWatch = new ClockWatch(() -> Instant.EPOCH, jumps::incrementAndGet);
    private final LeaseKeeper keeper =
            new LeaseKeeper(store, SELF, accounts, any -> Opening.NONE, new Looks(), Thread::new, nanoTime::get);

    private final class Looks implements LeaseEvents {
        @Override
        public void before() {
            befores.incrementAndGet();
        }

        @Override
        public void beat(LiveNodes live, long asked, long received) {
            clockWatch.beat(live.databaseTime(), asked, received);
        }

        @Override
        public void after() {
            looks.add(true);
        }
    }

    @AfterEach
    void stop() {
        keeper.close();
    }

    @Test
    void aNodeWhoseBeatsEndIsDead() throws Exception {
        start();
        beats(2, 8);

        assertThat(store.reaped).containsOnly(OTHER);
    }

    /** Until the others have beaten too, the first node that reaches it again knows nothing of them. */
    @Test
    void nobodyIsDeadBecauseTheDatabaseWasAway() throws Exception {
        start();
        beats(2, 1);
        store.away = true;
        beats(0, 10);
        store.away = false;
        beats(0, 1);

        assertThat(store.reaped).isEmpty();
    }

    /** An application that is deployed again gives back what it has while the new one starts. */
    @Test
    void anEarlierRunOfThisNodeHasUntilTheSecondLook() throws Exception {
        store.earlierRuns = List.of(OTHER);
        start();
        assertThat(keeper.isStarted()).isFalse();
        assertThat(store.reaped).isEmpty();
        beats(0, 1);
        assertThat(keeper.isStarted()).isTrue();
        assertThat(store.reaped).containsExactly(OTHER);
    }

    /** Who is dead is decided by beats and by the clock of this node that never goes back. */
    @Test
    void nobodyIsDeadBecauseTheClockOfTheDatabaseHasJumped() throws Exception {
        start();
        for (long other = 2; other < 12; other++) {
            store.clock = store.clock.plus(Duration.ofSeconds(5));
            beats(other, 1);
        }
        assertThat(jumps).hasValue(0);
        for (long other = 12; other < 22; other++) {
            store.clock = store.clock.plus(Duration.ofHours(other % 2 == 0 ? 2 : -1));
            beats(other, 1);
        }

        assertThat(jumps).hasPositiveValue();
        assertThat(store.reaped).isEmpty();
    }

    /** Nothing else would report it. */
    @Test
    void aFaultDoesNotEndTheThread() throws Exception {
        start();
        beats(0, 1);
        store.fault = true;
        beats(0, 1);
        store.fault = false;
        beats(0, 1);

        assertThat(keeper.isAway()).isFalse();
    }

    /** What the ledger has of a budget takes time to read, and names of sessions cost a client nothing. */
    @Test
    void looksDoNotWaitForBudgetsThatAreNew() throws Exception {
        start();
        beats(0, 1);
        admit("slow");
        var held = new CountDownLatch(1);
        store.held = held;
        keeper.ask();
        assertThat(store.reserving.poll(10, TimeUnit.SECONDS)).containsExactly("session/ann/slow/day");

        beats(0, 3);
        assertThat(keeper.isAway()).isFalse();
        held.countDown();
    }

    /** One that takes too long to read keeps only its own requests waiting. */
    @Test
    void aNewBudgetThatTakesTooLongIsNoDatabaseThatIsAway() throws Exception {
        start();
        beats(0, 1);
        store.timeout = true;
        admit("slow");
        keeper.ask();
        assertThat(store.reserving.poll(10, TimeUnit.SECONDS)).isNotNull();
        beats(0, 1);
        assertThat(keeper.isAway()).isFalse();

        store.timeout = false;
        // The thread may note the time of the failure late.
        Eventually.holds(Duration.ofSeconds(20), () -> {
            beats(0, 3);
            return store.reserving.poll(500, TimeUnit.MILLISECONDS) != null;
        });
        assertThat(keeper.isAway()).isFalse();
    }

    private void admit(String session) {
        var budget = SampleBudgets.of(BudgetScope.SESSION, "ann/" + session, 1000);
        accounts.admit(SampleBudgets.request("ann", 1, budget));
    }

    /** The first look does not wait for the clock, which stands still. */
    private void start() throws InterruptedException {
        keeper.start("self");
        assertThat(looks.poll(10, TimeUnit.SECONDS)).as("the first look").isNotNull();
    }

    /** Five seconds pass before each look. */
    private void beats(long ofOther, int times) throws InterruptedException {
        if (ofOther > 0) {
            store.beats.put(OTHER, ofOther);
        }
        for (int i = 0; i < times; i++) {
            looks.clear();
            int tries = 0;
            do {
                // The thread may have begun to count only now.
                assertThat(++tries).as("a look at the leases").isLessThan(5);
                nanoTime.addAndGet(Duration.ofSeconds(5).toNanos());
                keeper.ask();
            } while (looks.poll(2, TimeUnit.SECONDS) == null);
        }
    }

    /** A database in memory that has beats, and nothing to lease. */
    private static final class Store implements LeaseStore {
        private final BlockingQueue<List<String>> reserving = new LinkedBlockingQueue<>();
        private volatile CountDownLatch held = new CountDownLatch(0);
        private volatile boolean timeout;
        private volatile List<UUID> earlierRuns = List.of();
        private final Map<UUID, Long> beats = new ConcurrentHashMap<>();
        private final List<UUID> reaped = new CopyOnWriteArrayList<>();
        private volatile boolean away;
        private volatile Instant clock = Instant.EPOCH;
        private volatile boolean fault;

        private void require() throws SQLException {
            if (fault) {
                throw new StackOverflowError("planted");
            }
            if (away) {
                throw new SQLException("planted");
            }
        }

        @Override
        public List<LeaseState> reserve(UUID run, List<LeaseRequest> requests) throws SQLException {
            require();
            reserving.add(requests.stream().map(each -> each.key().budget()).toList());
            try {
                held.await();
            } catch (InterruptedException stop) {
                throw new SQLException(stop);
            }
            if (timeout) {
                throw new SQLTimeoutException("planted");
            }
            return List.of();
        }

        @Override
        public void beat(UUID run, String node) throws SQLException {
            require();
            beats.merge(run, 1L, Long::sum);
        }

        @Override
        public Map<UUID, Long> beats() {
            return Map.copyOf(beats);
        }

        @Override
        public LiveNodes liveNodes() {
            return new LiveNodes(beats.size(), clock);
        }

        @Override
        public int reap(UUID run) {
            reaped.add(run);
            beats.remove(run);
            return 1;
        }

        @Override
        public List<UUID> runsOf(String node) {
            return earlierRuns;
        }

        @Override
        public void end(UUID run) {
            beats.remove(run);
        }

        @Override
        public boolean note(PeriodKey key, int percent, long cap) {
            return false;
        }
    }
}
