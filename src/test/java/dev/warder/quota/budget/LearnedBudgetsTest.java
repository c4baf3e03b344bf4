package dev.warder.quota.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.gate.Inquiry;
import dev.warder.gate.Meter;
import dev.warder.gate.Verdict;
import dev.warder.ledger.Rows;
import dev.warder.ledger.store.HoldLog;
import dev.warder.policy.LivePolicy;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Sql;
import dev.warder.usage.CacheWrites;
import dev.warder.usage.OutputRate;
import dev.warder.usage.UsageBounds;
import dev.warder.usage.UsageCounts;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node holds that knows its clients, of a budget of one dollar. A token of a response costs 5,000 nano-dollars. */
@Timeout(60)
class LearnedBudgetsTest {
    private static final long OUTPUT = 5000;
    private static final long INPUT = 1000;
    private static final long WRITE = 1250;
    private static final long ROUNDING = 100;

    /** Tokens of each prompt that its bytes do not have. */
    private static final long ADDED = 1000;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final AtomicLong jump = new AtomicLong();
    private final AtomicInteger requests = new AtomicInteger();
    private final LivePolicy policy = new LivePolicy(Optional.empty());
    private Optional<Budgets> started = Optional.empty();

    private void start() throws Exception {
        if (policy.current().version() == 0) {
            policy.accept(("{\"version\": 1, \"clients\": [{\"name\": \"ada\", \"kind\": \"person\","
                            + " \"budgets\": [{\"amount\": \"1\", \"period\": \"month\"}]}]}")
                    .getBytes(StandardCharsets.UTF_8));
        }
        started =
                Optional.of(StartedBudgets.of(h2, policy, StartedBudgets.MODELS, () -> System.nanoTime() + jump.get()));
    }

    @AfterEach
    void close() {
        started.ifPresent(Budgets::close);
    }

    @Test
    void aNodeThatStartsAgainHoldsLessOfTheSamePrompt() throws Exception {
        var text = text(4000);
        start();
        var first = granted(text, 10, true);
        long unknown = (length(text, 10, true) + ADDED) * WRITE;
        assertThat(held()).isEqualTo(unknown + 10 * OUTPUT + ROUNDING);
        first.usage(counted(1000, 1));
        first.end(Rows.completed("req-1"));
        close();

        start();
        double learned = Math.ceil(1000.0 / length(text, 10, true) / 1e-6) * 1e-6 * 1.1;
        long fewer = (long) Math.ceil(length(text, 10, true) * learned) + ADDED;
        holdsAtLast(text, 10, true, fewer * WRITE + 10 * OUTPUT + ROUNDING);
    }

    @Test
    void learnsHowFastTheModelGenerates() throws Exception {
        start();
        for (int i = 0; i < 8; i++) {
            var stream = granted("", 9000, true);
            stream.usage(counted(400, 1));
            pass(10 * SECOND);
            stream.usage(counted(400, 800));
            stream.end(Rows.completed("req"));
        }
        var meter = granted("", 9000, true);
        assertThat(meter.bounds())
                .map(UsageBounds::rate)
                .map(OutputRate::standard)
                .hasValue(125L);
        meter.usage(counted(400, 1));
        pass(20 * SECOND);
        eventually(meter);
        // 125 tokens in a second, and a slice.
        assertThat(held() - 400 * INPUT - ROUNDING).isBetween(3250 * OUTPUT, 3600 * OUTPUT);
    }

    /** It is complete, and so it is not cut. */
    @Test
    void countsAWholeReplyThatCostMoreThanItHeld() throws Exception {
        start();
        var meter = granted("", 9000, false);
        pass(900 * SECOND);
        assertThat(meter.tick(now())).isEmpty();
        assertThat(held()).isEqualTo(prompt(9000) + 9000 * OUTPUT + ROUNDING);
        assertThat(meter.usage(counted(1_500_000, 80))).isEmpty();
        pass(3 * SECOND);
        assertThat(meter.tick(now())).isEmpty();
        meter.end(Rows.completed("req-1", Rows.costing(1_500_400_000, true)));
        var counts = started.orElseThrow().counts();
        assertThat(counts.exceededHolds()).isEqualTo(1);
        assertThat(counts.cutRequests()).isZero();
        assertThat(view().charged()).isEqualTo(1_500_400_000);
    }

    @Test
    void admitsRequestsWithoutTheTable() throws Exception {
        new DatabaseBounds(h2.database()).read();
        Sql.execute(h2.database(), "DROP TABLE warder_budget_bound");
        start();
        granted("", 9000, false).end(Rows.completed("req-1"));
        assertThat(held()).isZero();
        close();
        start();
        granted("", 9000, false);
        assertThat(held()).isEqualTo(prompt(9000) + 9000 * OUTPUT + ROUNDING);
    }

    /** Once the node has read what was kept. */
    private Meter holdsAtLast(String text, long maxTokens, boolean streams, long nanos) throws Exception {
        while (true) {
            var verdict = ask(text, maxTokens, streams);
            if (verdict instanceof Verdict.Granted granted && held() == nanos) {
                var meter = granted.meter().orElseThrow();
                assertThat(meter.beforeTry()).isEmpty();
                return meter;
            } else if (verdict instanceof Verdict.Granted granted) {
                granted.release().orElseThrow().run();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private Meter granted(String text, long maxTokens, boolean streams) throws Exception {
        var verdict = ask(text, maxTokens, streams);
        while (!(verdict instanceof Verdict.Granted)) {
            // The database was not reached yet.
            TimeUnit.MILLISECONDS.sleep(5);
            verdict = ask(text, maxTokens, streams);
        }
        var meter = ((Verdict.Granted) verdict).meter().orElseThrow();
        assertThat(meter.beforeTry()).isEmpty();
        return meter;
    }

    private Verdict ask(String text, long maxTokens, boolean streams) throws Exception {
        var verdict = started.orElseThrow().gate(HoldLog.NONE).ask(inquiry(text, maxTokens, streams));
        return verdict instanceof Verdict.Later later
                ? later.decision().toCompletableFuture().get()
                : verdict;
    }

    private Inquiry inquiry(String text, long maxTokens, boolean streams) throws Exception {
        return Inquiries.of("req-" + requests.incrementAndGet(), members(text, maxTokens, streams), policy.current());
    }

    private static String members(String text, long maxTokens, boolean streams) {
        return "\"max_tokens\":" + maxTokens + ",\"stream\":" + streams
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]";
    }

    private static String text(int length) {
        return "a".repeat(length);
    }

    private static long length(String text, long maxTokens, boolean streams) {
        return Inquiries.body(members(text, maxTokens, streams)).length;
    }

    /** The bound of the prompt of a whole reply without a text, which is too short to learn from. */
    private static long prompt(long maxTokens) {
        return (length("", maxTokens, false) + ADDED) * WRITE;
    }

    private void pass(long nanos) {
        jump.addAndGet(nanos);
    }

    private long now() {
        return System.nanoTime() + jump.get();
    }

    /** Ticks until the node has got from the database what the response needs. */
    private void eventually(Meter meter) throws Exception {
        long before = held();
        while (held() == before) {
            assertThat(meter.tick(now())).isEmpty();
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private AccountView view() {
        return started.orElseThrow().views().get(0);
    }

    private long held() {
        return view().held();
    }

    private static UsageCounts counted(long input, long output) {
        return new UsageCounts(input, CacheWrites.NONE, 0, output, 0, 0, 0);
    }
}
