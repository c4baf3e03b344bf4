package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.Eventually;
import dev.warder.ledger.store.DatabaseLeases;
import dev.warder.ledger.store.LeaseStore;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.policy.Budget;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.Preceded;
import dev.warder.testkit.Sql;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a node reports that it lives, and whom it takes for dead. */
class LeaseKeeperTest {
    private static final UUID SELF = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final AtomicLong nanoTime = new AtomicLong(1_000_000_000);
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> looks = new LinkedBlockingQueue<>();
    private final Accounts accounts = new Accounts(SELF, 1000, nanoTime::get);
    private volatile Preceded.Before before = method -> {};

    /** How much this node's time of day is ahead of the database's. */
    private volatile Duration ahead = Duration.ZERO;

    private Optional<LeaseKeeper> started = Optional.empty();

    @AfterEach
    void stop() {
        before = method -> {};
        keeper().close();
    }

    @Test
    void aNodeWhoseBeatsEndIsDead() throws Exception {
        start();
        other("other");
        beats(8);

        assertThat(leases().beats()).containsOnlyKeys(SELF);
    }

    /** Until the others have beaten too, the first node that reaches it again knows nothing of them. */
    @Test
    void nobodyIsDeadBecauseTheDatabaseWasAwayAndNoFaultEndsTheThread() throws Exception {
        start();
        other("other");
        beats(1);
        before = method -> {
            throw new SQLException("planted");
        };
        beats(10);
        before = method -> {
            throw new StackOverflowError("planted");
        };
        beats(1);
        before = method -> {};
        beats(1);

        assertThat(keeper().isAway()).isFalse();
        assertThat(calls).doesNotContain("reap");
    }

    /** An application that is deployed again gives back what it has while the new one starts. */
    @Test
    void anEarlierRunOfThisNodeHasUntilTheSecondLook() throws Exception {
        other("self");
        start();
        assertThat(keeper().isStarted()).isFalse();
        assertThat(calls).doesNotContain("reap");
        beats(1);
        assertThat(keeper().isStarted()).isTrue();
        assertThat(leases().beats()).containsOnlyKeys(SELF);
    }

    /** Who is dead is decided by beats and by the clock of this node that never goes back. */
    @Test
    void nobodyIsDeadBecauseTheClockOfTheDatabaseHasJumped() throws Exception {
        start();
        for (int i = 0; i < 12; i++) {
            other("other");
            Sql.execute(h2.database(), "UPDATE warder_budget_node SET seen_at = seen_at - INTERVAL '2' HOUR");
            beats(1);
        }

        assertThat(calls).doesNotContain("reap");
    }

    /** Once, until they were near each other. */
    @Test
    void warnsThatTheClocksAreAMinuteApart() throws Exception {
        try (var log = LogCapture.start()) {
            ahead = Duration.ofSeconds(80);
            start();
            beats(2);
            isApart(log, " s earlier than this node's.");
            ahead = Duration.ofSeconds(40);
            beats(2);
            assertThat(apart(log)).isEmpty();
            ahead = Duration.ofHours(-1);
            beats(2);
            isApart(log, " s later than this node's.");
        }
    }

    private static void isApart(LogCapture log, String direction) {
        assertThat(apart(log)).singleElement().asString().contains(direction);
        log.clear();
    }

    private static List<String> apart(LogCapture log) {
        return log.lines("dev.warder.quota", Level.WARNING).stream()
                .map(LogLine::text)
                .filter(text -> text.startsWith("Budgets: the database's clock is "))
                .toList();
    }

    /** What the ledger has of a budget takes time to read, and names of sessions cost a client nothing. */
    @Test
    void looksDoNotWaitForBudgetsThatAreNew() throws Exception {
        start();
        beats(1);
        var held = new CountDownLatch(1);
        before = method -> {
            if (method.equals("reserve")) {
                held.await();
            }
        };
        admitsOne();

        beats(3);
        assertThat(keeper().isAway()).isFalse();
        held.countDown();
    }

    /** One that takes too long to read keeps only its own requests waiting. */
    @Test
    void aNewBudgetThatTakesTooLongIsNoDatabaseThatIsAway() throws Exception {
        start();
        beats(1);
        before = method -> {
            if (method.equals("reserve")) {
                throw new SQLTimeoutException("planted");
            }
        };
        admitsOne();
        beats(1);
        assertThat(keeper().isAway()).isFalse();

        before = method -> {};
        // The thread may note the time of the failure late.
        Eventually.holds(Duration.ofSeconds(20), () -> {
            beats(3);
            return accounts.views().get(0).seen().isPresent();
        });
        assertThat(keeper().isAway()).isFalse();
    }

    /** A request of a new session, for whose budget the database is asked. */
    private void admitsOne() throws Exception {
        accounts.admit(SampleBudgets.request("ann", 1, SampleBudgets.of(Budget.Scope.SESSION, "ann/slow", 1000)));
        calls.clear();
        keeper().ask();
        Eventually.holds(Duration.ofSeconds(10), () -> calls.contains("reserve"));
    }

    private DatabaseLeases leases() {
        return new DatabaseLeases(h2.database());
    }

    private LeaseKeeper keeper() {
        return started.orElseThrow();
    }

    /** Another run of a node of this name beats once. */
    private void other(String node) throws SQLException {
        leases().beat(OTHER, node);
    }

    /** The first look does not wait for the clock, which stands still. */
    private void start() throws InterruptedException {
        var store = Preceded.by(
                method -> {
                    calls.add(method);
                    before.call(method);
                },
                LeaseStore.class,
                leases());
        started = Optional.of(new LeaseKeeper(
                store,
                accounts,
                any -> Opening.NONE,
                () -> InstantSource.system().instant().plus(ahead),
                () -> {},
                () -> looks.add(true),
                Thread::new));
        keeper().start("self");
        assertThat(looks.poll(10, TimeUnit.SECONDS)).as("the first look").isNotNull();
    }

    /** Five seconds pass before each look. */
    private void beats(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            looks.clear();
            int tries = 0;
            do {
                // The thread may have begun to count only now.
                assertThat(++tries).as("a look at the leases").isLessThan(5);
                nanoTime.addAndGet(Duration.ofSeconds(5).toNanos());
                keeper().ask();
            } while (looks.poll(2, TimeUnit.SECONDS) == null);
        }
    }
}
