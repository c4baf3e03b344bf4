package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.gate.Inquiry;
import dev.warder.gate.Meter;
import dev.warder.gate.Verdict;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import dev.warder.ledger.Rows;
import dev.warder.ledger.lease.DatabaseLeases;
import dev.warder.policy.LivePolicy;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.LogLine;
import dev.warder.usage.AssumedModels;
import dev.warder.usage.CacheWrites;
import dev.warder.usage.OutputRate;
import dev.warder.usage.PromptTokens;
import dev.warder.usage.UsageBounds;
import dev.warder.usage.UsageCounts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request holds of its budget from its admission to its end. A token of the response costs 5,000 nano-dollars. */
@Timeout(60)
class MeteredBudgetsTest {
    private static final long OUTPUT = 5000;
    private static final long INPUT = 1000;
    private static final long WRITE = 1250;
    private static final long ROUNDING = 100;

    /** Tokens of each prompt that its bytes do not have. */
    private static final long ADDED = 1000;

    private static final String PDF = "\"max_tokens\":10,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":"
            + "[{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"JVBE\"}}]}]";
    private static final String ADDRESS =
            "\"max_tokens\":100,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":"
                    + "[{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"https://example.com/a.pdf\"}}]}]";
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final AtomicLong jump = new AtomicLong();
    private final AtomicInteger requests = new AtomicInteger();
    private final Deque<String> noted = new ConcurrentLinkedDeque<>();
    private final LivePolicy policy = new LivePolicy(Optional.empty());
    private List<Field> fields = List.of();
    private AssumedModels models = StartedBudgets.MODELS;
    private Optional<Budgets> started = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        write(1, "\"amount\": \"1\"");
        start(Duration.ofSeconds(60));
    }

    private void start(Duration wait) {
        var settings = new BudgetSettings(wait, Optional.empty(), Map.of(), false, Optional.empty());
        started =
                Optional.of(StartedBudgets.of(new DatabaseLeases(h2.database()), settings, policy, models, this::now));
    }

    @AfterEach
    void close() {
        started.ifPresent(Budgets::close);
    }

    @Test
    void holdsTheBoundOfThePromptAndOneSliceOfAStream() throws Exception {
        granted("\"max_tokens\":128000,\"stream\":true");
        long prompt = (bytes("\"max_tokens\":128000,\"stream\":true") + ADDED) * WRITE;
        assertThat(held()).isEqualTo(prompt + Bounds.SLICE * OUTPUT + ROUNDING);
    }

    /** Such a client may repeat it thousands of times. */
    @Test
    void computesNoBoundForASpentBudget() throws Exception {
        close();
        var bounds = new AtomicInteger();
        models = new AssumedModels(OutputRate.DEFAULT, model -> bounds.incrementAndGet() + PromptTokens.LONGEST);
        write(2, "\"amount\": \"0\"");
        start(Duration.ofSeconds(60));
        assertThat(decision("\"max_tokens\":10")).isInstanceOf(Verdict.Refused.class);
        int before = bounds.get();

        assertThat(((Verdict.Refused) decision("\"max_tokens\":10")).reply().type())
                .isEqualTo(ErrorType.BILLING);
        assertThat(bounds).hasValue(before);
        assertThat(before).isPositive();
    }

    @Test
    void withoutAWaitNothingIsRefusedThatOnlyHasNoLeaseYet() throws Exception {
        close();
        start(Duration.ZERO);
        granted("\"max_tokens\":100,\"stream\":true");
        // More than the lease of before.
        granted("\"max_tokens\":50000");
    }

    /** The upstream may run both of them, and a compaction before the response. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"fallbacks\":[{\"model\":\"claude-haiku-4-5\"}]",
                "\"context_management\":{\"edits\":[{\"type\":\"compact_20260112\"}]}"
            })
    void holdsAsMuchAgainForAFurtherRun(String run) throws Exception {
        String members = "\"max_tokens\":9000," + run;
        granted(members);
        long prompt = (bytes(members) + ADDED) * WRITE;
        assertThat(held()).isEqualTo(2 * prompt + 18_000 * OUTPUT + ROUNDING);
    }

    @Test
    void holdsWhatTheDearestModelCosts() throws Exception {
        granted("\"max_tokens\":9000,\"fallbacks\":[{\"model\":\"claude-opus-5\"}]");
        // 25 dollars a million tokens.
        assertThat(held()).isGreaterThan(18_000 * 5 * OUTPUT);
    }

    @Test
    void holdsOneSliceOfTheLargestResponses() throws Exception {
        String members =
                "\"max_tokens\":9223372036854775807,\"stream\":true,\"fallbacks\":[{\"model\":\"claude-haiku-4-5\"}]";
        granted(members);
        long prompt = (bytes(members) + ADDED) * WRITE;
        assertThat(held()).isEqualTo(2 * prompt + Bounds.SLICE * OUTPUT + ROUNDING);
    }

    /** Without it, nothing is known after a kill of what the request may have cost. */
    @Test
    void notesWhatItHolds() throws Exception {
        var meter = stream();
        var first = budgets().charges().held("req-1").orElseThrow();
        assertThat(first.nanos()).isEqualTo(held());
        assertThat(first.charged().periods())
                .singleElement()
                .isEqualTo(view().terms().key());
        assertThat(noted).isEmpty();
        assertThat(meter.usage(counted(400, 1))).isEmpty();
        assertThat(noted.getLast()).isEqualTo("req-1 " + held());
        assertThat(meter.beforeTry()).isEmpty();
        assertThat(noted).hasSize(2);
        assertThat(noted.getLast()).isEqualTo("req-1 " + held());
        write(2, "\"amount\": \"1\", \"mode\": \"warn\"");
        var warned = ask("\"max_tokens\":10");
        assertThat(warned.meter().orElseThrow().beforeTry()).isEmpty();
        assertThat(budgets().charges().held("req-2")).isEmpty();
        assertThat(noted).hasSize(2);
    }

    @Test
    void holdsWhatThePromptCostsOnceItIsCounted() throws Exception {
        var meter = stream();
        assertThat(meter.usage(counted(400, 1))).isEmpty();
        assertThat(held()).isEqualTo(400 * INPUT + Bounds.SLICE * OUTPUT + ROUNDING);
        // More than the bound.
        assertThat(meter.usage(counted(50_000, 1))).isEmpty();
        assertThat(held()).isEqualTo(50_000 * INPUT + Bounds.SLICE * OUTPUT + ROUNDING);
    }

    @Test
    void holdsTheLongestPromptForFilesWhileAnotherRequestWithFilesIsNotCounted() throws Exception {
        write(2, "\"amount\": \"50\"");
        granted(PDF).usage(counted(400, 1));
        assertThat(heldBy(PDF)).isLessThan(100_000 * INPUT);
        assertThat(heldBy(PDF)).isGreaterThan(1_000_000 * INPUT);
    }

    @Test
    void waitsForNoCountOfARequestWithFilesThatHasEnded() throws Exception {
        write(2, "\"amount\": \"50\"");
        granted(PDF).usage(counted(400, 1));
        ask(PDF).release().orElseThrow().run();
        assertThat(heldBy(PDF)).isLessThan(100_000 * INPUT);
    }

    private long heldBy(String members) throws Exception {
        long before = held();
        granted(members);
        return held() - before;
    }

    @Test
    void holdsASliceAheadOfWhatTheModelCanHaveGenerated() throws Exception {
        var meter = stream();
        meter.usage(counted(400, 1));
        pass(10 * SECOND);
        eventually(meter);
        // 250 tokens in a second, and a slice.
        assertThat(held() - 400 * INPUT - ROUNDING).isBetween(3500 * OUTPUT, 3700 * OUTPUT);
    }

    @Test
    void neverHoldsMoreThanTheClientAccepts() throws Exception {
        var meter = granted("\"max_tokens\":1200,\"stream\":true");
        meter.usage(counted(400, 1));
        pass(100 * SECOND);
        eventually(meter);
        assertThat(held()).isEqualTo(400 * INPUT + 1200 * OUTPUT + ROUNDING);
    }

    /** Otherwise a response would go on without a limit for as long as the database hangs. */
    @Test
    void cutsTheResponseWhenTheDatabaseDoesNotRespond() throws Exception {
        var meter = stream();
        meter.usage(counted(400, 1));
        try (var connection = h2.database().getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT * FROM warder_budget_period FOR UPDATE");
            // A sixteenth of the budget, which the node has, is 12,500 tokens.
            pass(400 * SECOND);
            assertThat(meter.tick(now())).isEmpty();
            pass(2 * SECOND);
            assertThat(meter.tick(now())).map(ErrorReply::type).contains(ErrorType.BILLING);
            connection.rollback();
        }
    }

    /** No further request is needed for it. */
    @Test
    void aHigherAmountServesRequestsThatWait() throws Exception {
        granted("\"max_tokens\":128000");
        var waits = (Verdict.Later) budgets().gate(this::note).ask(inquiry("req-2", "\"max_tokens\":128000"));
        write(2, "\"amount\": \"5\"");
        assertThat(waits.decision().toCompletableFuture().get()).isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void aBudgetThatIsRemovedLimitsNoRequestThatWaits() throws Exception {
        granted("\"max_tokens\":128000");
        var waits = (Verdict.Later) budgets().gate(this::note).ask(inquiry("req-2", "\"max_tokens\":128000"));
        policy.accept("{\"version\": 2, \"clients\": [{\"name\": \"ada\", \"kind\": \"person\"}]}"
                .getBytes(StandardCharsets.UTF_8));
        assertThat(waits.decision().toCompletableFuture().get()).isInstanceOf(Verdict.Granted.class);
    }

    /** A stream that may finish, and holds more than the dollar of its budget. */
    private Meter streamBeyondItsBudget() throws Exception {
        write(2, "\"amount\": \"1\", \"on_exhausted\": \"finish\"");
        var meter = stream();
        meter.usage(counted(400, 1));
        pass(900 * SECOND);
        while (held() <= 1_000_000_000L) {
            assertThat(meter.tick(now())).isEmpty();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return meter;
    }

    /** What was held beyond the budget is given back first. */
    @Test
    void countsNothingWhereAResponseThatMayFinishCostsLess() throws Exception {
        var meter = streamBeyondItsBudget();
        meter.end(Rows.completed("req-1", Rows.costing(5_000_000, true)));
        assertThat(budgets().counts().exceeded().sum()).isZero();
    }

    @Test
    void chargesWhatTheRowsCostWhoeverIsBilledAndHoldsNothingAfterwards() throws Exception {
        var meter = stream();
        meter.usage(counted(400, 1));
        meter.end(Rows.completed(
                "req-1", Rows.costing(4_000_000, true), Rows.costing(500_000, true), Rows.costing(500_000, false)));
        assertThat(held()).isZero();
        assertThat(view().charged()).isEqualTo(5_000_000);
        assertThat(budgets().counts().exceeded().sum()).isZero();
    }

    @Test
    void chargesWhatWasHeldWhereTheRecordOfARequestIsLost() throws Exception {
        var meter = stream();
        long held = held();
        meter.lost();
        assertThat(held()).isZero();
        assertThat(view().charged()).isEqualTo(held);
    }

    @Test
    void countsRequestsThatCostMoreThanTheyHeld() throws Exception {
        var meter = stream();
        long held = held();
        try (var log = LogCapture.start()) {
            meter.end(Rows.completed("req-1", Rows.costing(70_000_000, true)));
            assertThat(log.lines(Budgets.class.getName(), Level.WARNING))
                    .extracting(LogLine::text)
                    .containsExactly("The request req-1 has cost more than its budgets held for it, by "
                            + (70_000_000 - held) + " nano-dollars");
        }
        assertThat(budgets().counts().exceeded().sum()).isEqualTo(1);
    }

    /** What the try before has cost is known at the end only. */
    @Test
    void holdsAsMuchAgainForTheNextTry() throws Exception {
        var meter = stream();
        long first = held();
        assertThat(meter.beforeTry()).isEmpty();
        assertThat(held()).isEqualTo(2 * first);
    }

    @Test
    void holdsTheLongestPromptForWhatTheBodyOnlyNames() throws Exception {
        // A million tokens cost more than the whole budget.
        assertThat(decision(ADDRESS)).isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
            assertThat(refused.reply().type()).isEqualTo(ErrorType.BILLING);
            assertThat(refused.reply().message()).contains("does not cover this request");
        });
        write(2, "\"amount\": \"2\"");
        var meter = granted(ADDRESS);
        assertThat(held()).isEqualTo(1_000_000 * WRITE + 100 * OUTPUT + ROUNDING);
        meter.usage(counted(400, 1));
        assertThat(held()).isLessThan(1_000_000);
    }

    @Test
    void holdsTheLongestPromptOfTheModelsThatMayRun() throws Exception {
        write(2, "\"amount\": \"50\"");
        close();
        models = new AssumedModels(OutputRate.DEFAULT, model -> model.equals(Inquiries.MODEL) ? 200_000 : 300_000);
        start(Duration.ofSeconds(60));
        stream();
        assertThat(heldBy(ADDRESS)).isEqualTo(200_000 * WRITE + 100 * OUTPUT + ROUNDING);
        assertThat(heldBy(PDF)).isEqualTo(200_000 * WRITE + 10 * OUTPUT + ROUNDING);
        String fallback = ADDRESS + ",\"fallbacks\":[{\"model\":\"claude-sonnet-4-5\"}]";
        assertThat(heldBy(fallback)).isGreaterThan(600_000 * WRITE);
        String tools = ADDRESS + ",\"tools\":[{\"type\":\"web_fetch_20250910\",\"name\":\"web_fetch\"}]";
        assertThat(heldBy(tools)).isEqualTo(1_000_000 * WRITE + 100 * OUTPUT + ROUNDING);
    }

    /** A text has a bound of its own, which a small number of the upstream does not lower. */
    @Test
    void holdsAsMuchOfATextWhateverItsModelAccepts() throws Exception {
        close();
        models = new AssumedModels(OutputRate.DEFAULT, model -> 1);
        start(Duration.ofSeconds(60));
        String text = "\"max_tokens\":10,\"stream\":true";
        granted(text);
        assertThat(held()).isEqualTo((bytes(text) + ADDED) * WRITE + 10 * OUTPUT + ROUNDING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Anthropic-Beta: a-2026-01-01,context-1m-2025-08-07", "anthropic_beta: Context-1M-2025-08-07"})
    void holdsAMillionTokensWhereABetaAllowsThem(String field) throws Exception {
        write(2, "\"amount\": \"50\"");
        close();
        models = new AssumedModels(OutputRate.DEFAULT, model -> 200_000);
        start(Duration.ofSeconds(60));
        stream();
        var parts = field.split(": ", 2);
        fields = List.of(new Field(parts[0], parts[1]));
        assertThat(heldBy(ADDRESS)).isEqualTo(1_000_000 * WRITE + 100 * OUTPUT + ROUNDING);
    }

    /** They add prompts until the response ends. */
    @Test
    void holdsTheLongestPromptAllTheTimeWhereTheUpstreamRunsTools() throws Exception {
        write(2, "\"amount\": \"2\"");
        var meter = granted("\"max_tokens\":100,\"stream\":true,\"tools\":[{\"type\":\"web_search_20250305\"}]");
        meter.usage(counted(400, 1));
        assertThat(held()).isEqualTo(1_000_000 * WRITE + 100 * OUTPUT + ROUNDING);
    }

    @Test
    void releasesAGrantThatWasNotUsed() throws Exception {
        var verdict = ask("\"max_tokens\":100,\"stream\":true");
        verdict.release().orElseThrow().run();
        assertThat(held()).isZero();
        assertThat(budgets().charges().charged("req-1")).isEmpty();
    }

    @Test
    void knowsWhatARequestIsChargedToUntilItsEnd() throws Exception {
        var meter = stream();
        assertThat(budgets().charges().charged("req-1")).hasValueSatisfying(charged -> assertThat(charged.periods())
                .extracting(each -> each.budget())
                .containsExactly("client/ada/month"));
        meter.end(Rows.completed("req-1"));
        assertThat(budgets().charges().charged("req-1")).isEmpty();
    }

    /** Each budget that the policy in use has for it, as if it came now; those of the policy before, too. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void chargesARequestThatRunsToBudgetsThatAreAdded(boolean before) throws Exception {
        String month = "{\"amount\": \"1\", \"period\": \"month\"}";
        String day = "{\"amount\": \"1\", \"period\": \"day\"}";
        writeAll(2, before ? month : "");
        var meter = stream();
        var request = "req-" + requests.get();
        writeAll(3, day);
        var charged = budgets().charges().charged(request).orElseThrow();
        assertThat(charged.run()).isEqualTo(budgets().node().run());
        assertThat(charged.periods())
                .extracting(each -> each.budget())
                .isEqualTo(before ? List.of("client/ada/day", "client/ada/month") : List.of("client/ada/day"));

        meter.end(Rows.completed(request, Rows.costing(4_000_000, true)));
        assertThat(budgets().views())
                .extracting(AccountView::charged)
                .isNotEmpty()
                .containsOnly(4_000_000L);
        assertThat(budgets().charges().charged(request)).isEmpty();
    }

    @Test
    void aRequestThatRunsIsChargedOnceToABudgetWhoseZoneChanges() throws Exception {
        var meter = stream();
        var charged = budgets().charges().charged("req-1");
        writeAll(2, "{\"amount\": \"1\", \"period\": \"month\", \"zone\": \"Pacific/Kiritimati\"}");
        assertThat(budgets().charges().charged("req-1")).isEqualTo(charged);
        meter.end(Rows.completed("req-1"));
    }

    @Test
    void aRequestThatRunsIsNotChargedToAnotherModelOrClient() throws Exception {
        var meter = stream();
        policy.accept(("{\"version\": 2, \"clients\": [{\"name\": \"bob\", \"kind\": \"person\", \"budgets\":"
                        + " [{\"amount\": \"1\", \"period\": \"day\"}]}, {\"name\": \"ada\", \"kind\": \"person\",\"budgets\": \"unlimited\"}],"
                        + " \"models\": [{\"name\": \"claude-opus-*\", \"budgets\": [{\"amount\": \"1\", \"period\": \"day\"}]},"
                        + " {\"name\": \"claude-haiku-*\", \"budgets\": [{\"amount\": \"1\", \"period\": \"hour\"}]}]}")
                .getBytes(StandardCharsets.UTF_8));
        assertThat(budgets().charges().charged("req-1").orElseThrow().periods())
                .extracting(each -> each.budget())
                .containsExactly("client/ada/month", "model/claude-haiku-*/hour");
        meter.end(Rows.completed("req-1"));
    }

    @Test
    void learnsHowFastTheModelGenerates() throws Exception {
        for (int i = 0; i < 8; i++) {
            var stream = granted(saying("", 9000, true));
            stream.usage(counted(400, 1));
            pass(10 * SECOND);
            stream.usage(counted(400, 800));
            stream.end(Rows.completed("req"));
        }
        var meter = granted(saying("", 9000, true));
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
        var meter = granted(saying("", 9000, false));
        pass(900 * SECOND);
        assertThat(meter.tick(now())).isEmpty();
        assertThat(held()).isEqualTo((bytes(saying("", 9000, false)) + ADDED) * WRITE + 9000 * OUTPUT + ROUNDING);
        assertThat(meter.usage(counted(1_500_000, 80))).isEmpty();
        pass(3 * SECOND);
        assertThat(meter.tick(now())).isEmpty();
        meter.end(Rows.completed("req-1", Rows.costing(1_500_400_000, true)));
        var counts = budgets().counts();
        assertThat(counts.exceeded().sum()).isEqualTo(1);
        assertThat(counts.cut().sum()).isZero();
        assertThat(view().charged()).isEqualTo(1_500_400_000);
    }

    private static String saying(String text, long maxTokens, boolean streams) {
        return "\"max_tokens\":" + maxTokens + ",\"stream\":" + streams
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]";
    }

    private void writeAll(int version, String budgets) throws Exception {
        policy.accept(("{\"version\": " + version
                        + ", \"clients\": [{\"name\": \"ada\", \"kind\": \"person\", \"budgets\": [" + budgets + "]}]}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private Budgets budgets() {
        return started.orElseThrow();
    }

    private Meter stream() throws Exception {
        return granted("\"max_tokens\":300000,\"stream\":true");
    }

    private Meter granted(String members) throws Exception {
        var meter = ask(members).meter().orElseThrow();
        assertThat(meter.beforeTry()).isEmpty();
        return meter;
    }

    private Verdict.Granted ask(String members) throws Exception {
        return (Verdict.Granted) decision(members);
    }

    private Verdict decision(String members) throws Exception {
        var inquiry = inquiry("req-" + requests.incrementAndGet(), members);
        var verdict = decision(inquiry);
        while (verdict instanceof Verdict.Refused refused && refused.reply().status() == 503) {
            // The database was not reached yet.
            TimeUnit.MILLISECONDS.sleep(5);
            verdict = decision(inquiry);
        }
        return verdict;
    }

    private Verdict decision(Inquiry inquiry) throws Exception {
        var verdict = budgets().gate(this::note).ask(inquiry);
        return verdict instanceof Verdict.Later later
                ? later.decision().toCompletableFuture().get()
                : verdict;
    }

    private void note(String request, long nanos) {
        noted.add(request + " " + nanos);
    }

    private Inquiry inquiry(String id, String members) throws Exception {
        var plain = Inquiries.of(id, members, policy.current());
        return new Inquiry(
                plain.call(), plain.client(), plain.ownCredential(), plain.noCredential(), fields, plain.content());
    }

    private static long bytes(String members) {
        return Inquiries.body(members).length;
    }

    private void write(int version, String budget) throws Exception {
        policy.accept(("{\"version\": " + version
                        + ", \"clients\": [{\"name\": \"ada\", \"kind\": \"person\", \"budgets\": [{" + budget
                        + ", \"period\": \"month\"}]}]}")
                .getBytes(StandardCharsets.UTF_8));
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
        return budgets().views().get(0);
    }

    private long held() {
        return view().held();
    }

    private static UsageCounts counted(long input, long output) {
        return new UsageCounts(input, CacheWrites.NONE, 0, output, 0, 0, 0);
    }
}
