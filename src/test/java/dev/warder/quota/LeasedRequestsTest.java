package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Verdict;
import dev.warder.contract.Eventually;
import dev.warder.ledger.Rows;
import dev.warder.ledger.store.DatabaseLeases;
import dev.warder.ledger.store.HoldLog;
import dev.warder.ledger.store.LeaseStore;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Preceded;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests that a node has reserved enough for: all calls of the database are counted, and the clock stands still between looks. */
@Timeout(60)
class LeasedRequestsTest {
    private static final Duration PATIENCE = Limit.seconds(10);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final String SMALL = "\"max_tokens\":4000,\"stream\":true";
    private static final int REQUESTS = 200;

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final StartedBudgets node = new StartedBudgets(() -> 0);
    private final AtomicInteger requests = new AtomicInteger();
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile boolean away;

    @BeforeEach
    void start() throws Exception {
        node.write(
                1,
                """
                "organization": {"budgets": [{"amount": "4", "period": "month"}]},
                "clients": [{"name": "ada", "kind": "person", "budgets": [{"amount": "2", "period": "month"}]}]""");
        var leases = Preceded.by(this::called, LeaseStore.class, new DatabaseLeases(h2.database()));
        node.start(leases, Duration.ofSeconds(60), StartedBudgets.MODELS);
        node.pass(SECOND);
        Eventually.holds(PATIENCE, () -> !node.budgets().isWaitingForDatabase());
        // Then the node has a sixteenth of what is left.
        var first = Inquiries.of("req-0", SMALL, node.policy.current());
        end("req-0", (Verdict.Granted) node.decision(first, HoldLog.NONE));
        look();
    }

    @AfterEach
    void close() {
        held.countDown();
        node.close();
    }

    @Test
    void makeNoCallButThoseOfTheRegularLooks() throws Exception {
        for (int second = 0; second < 7; second++) {
            calls.clear();
            askAndEnd();
            assertThat(calls).as("calls during requests").isEmpty();
            look();
            assertThat(calls).as("calls of the regular look").containsOnlyOnce("reserve");
            assertThat(calls).isSubsetOf("reserve", "beat", "liveNodes", "beats");
        }
        calls.clear();
        var later = (Verdict.Later) ask("req-more", "\"max_tokens\":128000");
        assertThat(later.decision().toCompletableFuture().get()).isInstanceOf(Verdict.Granted.class);
        assertThat(calls).as("calls for more than is reserved").contains("reserve");
    }

    @Test
    void doNotWaitForADatabaseThatHangs() throws Exception {
        held = new CountDownLatch(1);
        calls.clear();
        node.pass(SECOND);
        assertThat(calls.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();

        askAndEnd();
    }

    /** Each response that runs asks for more some times a second. */
    @Test
    void doNotMakeADatabaseAskedMoreOftenThatIsAway() throws Exception {
        var granted = (Verdict.Granted) ask("req-long", "\"max_tokens\":128000,\"stream\":true");
        var meter = granted.meter().orElseThrow();
        assertThat(meter.beforeTry()).isEmpty();
        away = true;
        node.pass(SECOND);
        Eventually.holds(PATIENCE, () -> node.budgets().isDatabaseAway());
        calls.clear();
        boolean cut = false;
        for (int second = 3; second <= 600; second += 3) {
            cut |= meter.tick(node.now() + second * SECOND).isPresent();
            TimeUnit.MILLISECONDS.sleep(2);
        }
        assertThat(cut).as("nothing was left for it").isTrue();
        assertThat(calls).as("before a second has passed").isEmpty();
        look();
        assertThat(calls).isNotEmpty();
    }

    private void askAndEnd() throws Exception {
        for (int i = 0; i < REQUESTS; i++) {
            String id = "req-" + requests.incrementAndGet();
            end(id, (Verdict.Granted) ask(id, SMALL));
        }
    }

    private Verdict ask(String id, String members) throws Exception {
        return node.budgets().gate(HoldLog.NONE).ask(Inquiries.of(id, members, node.policy.current()));
    }

    private void end(String id, Verdict.Granted granted) {
        var meter = granted.meter().orElseThrow();
        assertThat(meter.beforeTry()).isEmpty();
        assertThat(meter.usage(new UsageCounts(400, CacheWrites.NONE, 0, 1, 0, 0, 0)))
                .isEmpty();
        assertThat(meter.tick(node.now())).isEmpty();
        meter.end(Rows.completed(id, Rows.costing(10_000, true)));
    }

    private void look() throws Exception {
        long before = node.budgets().keeper.looks();
        node.pass(SECOND);
        Eventually.holds(PATIENCE, () -> node.budgets().keeper.looks() > before);
    }

    private void called(String method) throws Exception {
        calls.add(method);
        held.await();
        if (away) {
            throw new SQLException("planted");
        }
    }
}
