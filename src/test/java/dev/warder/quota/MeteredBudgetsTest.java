package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Inquiry;
import dev.warder.auth.Meter;
import dev.warder.auth.Verdict;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import dev.warder.ledger.Rows;
import dev.warder.ledger.store.DatabaseLeases;
import dev.warder.quota.Bounds.AssumedModels;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.LogLine;
import dev.warder.usage.OutputRate;
import dev.warder.usage.UsageBounds;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    private static final String WHOLE = "\"max_tokens\":9000";
    private static final String STREAM = WHOLE + ",\"stream\":true";
    private static final String MONTH = "{\"amount\": \"1\", \"period\": \"month\"}";
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final StartedBudgets node = new StartedBudgets(System::nanoTime);
    private final AtomicInteger requests = new AtomicInteger();
    private final Deque<String> noted = new ConcurrentLinkedDeque<>();
    private List<Field> fields = List.of();

    @BeforeEach
    void start() throws Exception {
        node.adaMay(1, MONTH);
        start(Duration.ofSeconds(60), StartedBudgets.MODELS);
    }

    private void start(Duration wait, AssumedModels models) {
        node.start(new DatabaseLeases(h2.database()), wait, models);
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** A slice of a stream; the upstream may run both models, and a compaction before the response. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'max_tokens':128000,'stream':true | 1 | 1000",
                "'max_tokens':9223372036854775807,'stream':true,'fallbacks':[{'model':'claude-haiku-4-5'}] | 2 | 1000",
                "'max_tokens':9000,'fallbacks':[{'model':'claude-haiku-4-5'}] | 2 | 18000",
                "'max_tokens':9000,'context_management':{'edits':[{'type':'compact_20260112'}]} | 2 | 18000"
            })
    void holdsTheBoundsOfPromptAndResponseOfEachRun(String quoted, long prompts, long output) throws Exception {
        String members = quoted.replace('\'', '"');
        granted(members);
        assertThat(held()).isEqualTo(prompts * text(members) + output * OUTPUT + ROUNDING);
    }

    /** Such a client may repeat it thousands of times. */
    @Test
    void computesNoBoundForASpentBudget() throws Exception {
        var bounds = new AtomicInteger();
        node.adaMay(2, "{\"amount\": \"0\", \"period\": \"month\"}");
        start(
                Duration.ofSeconds(60),
                new AssumedModels(OutputRate.DEFAULT, model -> bounds.incrementAndGet() + UsageBounds.LONGEST));
        assertThat(decision(WHOLE)).isInstanceOf(Verdict.Refused.class);
        int before = bounds.get();

        assertThat(((Verdict.Refused) decision(WHOLE)).reply().type()).isEqualTo(ErrorType.BILLING);
        assertThat(bounds).hasValue(before);
        assertThat(before).isPositive();
    }

    @Test
    void withoutAWaitNothingIsRefusedThatOnlyHasNoLeaseYet() throws Exception {
        start(Duration.ZERO, StartedBudgets.MODELS);
        granted(STREAM);
        // More than the lease of before.
        granted("\"max_tokens\":50000");
    }

    /** Without it, nothing is known after a kill of what the request may have cost. */
    @Test
    void notesWhatItHolds() throws Exception {
        var meter = stream();
        var first = node.budgets().charges().held("req-1").orElseThrow();
        assertThat(first.nanos()).isEqualTo(held());
        assertThat(first.charged().periods())
                .singleElement()
                .isEqualTo(node.view().terms().key());
        assertThat(noted).isEmpty();
        assertThat(meter.usage(counted(400, 1))).isEmpty();
        assertThat(noted.getLast()).isEqualTo("req-1 " + held());
        assertThat(meter.beforeTry()).isEmpty();
        assertThat(noted).hasSize(2);
        assertThat(noted.getLast()).isEqualTo("req-1 " + held());
        node.adaMay(2, "{\"amount\": \"1\", \"period\": \"month\", \"mode\": \"warn\"}");
        granted(WHOLE);
        assertThat(node.budgets().charges().held("req-2")).isEmpty();
        assertThat(noted).hasSize(2);
    }

    @Test
    void holdsWhatThePromptCostsOnceItIsCounted() throws Exception {
        var meter = stream();
        // The second count is more than the bound.
        for (long input : new long[] {400, 50_000}) {
            assertThat(meter.usage(counted(input, 1))).isEmpty();
            assertThat(held()).isEqualTo(input * INPUT + Bounds.SLICE * OUTPUT + ROUNDING);
        }
    }

    @Test
    void holdsTheLongestPromptForFilesWhileAnotherRequestWithFilesIsNotCounted() throws Exception {
        upTo(50);
        granted(PDF).usage(counted(400, 1));
        // It ends without a count.
        ask(PDF).release().orElseThrow().run();
        assertThat(heldBy(PDF)).isLessThan(100_000 * INPUT);
        assertThat(heldBy(PDF)).isGreaterThan(1_000_000 * INPUT);
    }

    /** 250 tokens in a second, and a slice, but no more than the client accepts. */
    @ParameterizedTest
    @CsvSource({"300000, 10, 3500, 3700", "1200, 100, 1200, 1200"})
    void holdsASliceAheadOfWhatTheModelCanHaveGenerated(long accepted, long seconds, long from, long to)
            throws Exception {
        var meter = granted("\"max_tokens\":" + accepted + ",\"stream\":true");
        meter.usage(counted(400, 1));
        node.pass(seconds * SECOND);
        eventually(meter);
        assertThat(held() - 400 * INPUT - ROUNDING).isBetween(from * OUTPUT, to * OUTPUT);
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
            node.pass(400 * SECOND);
            assertThat(meter.tick(node.now())).isEmpty();
            node.pass(2 * SECOND);
            assertThat(meter.tick(node.now())).map(ErrorReply::type).contains(ErrorType.BILLING);
            connection.rollback();
        }
    }

    /** No further request is needed for it. */
    @ParameterizedTest
    @ValueSource(strings = {"\"budgets\": [{\"amount\": \"5\", \"period\": \"month\"}], ", ""})
    void anAmountThatIsHigherOrRemovedServesRequestsThatWait(String budgets) throws Exception {
        granted("\"max_tokens\":128000");
        var waits = (Verdict.Later) node.budgets().gate(this::note).ask(inquiry("\"max_tokens\":128000"));
        node.write(2, "\"clients\": [{" + budgets + "\"name\": \"ada\", \"kind\": \"person\"}]");
        assertThat(waits.decision().toCompletableFuture().get()).isInstanceOf(Verdict.Granted.class);
    }

    /** What a stream that may finish holds beyond the dollar of its budget is given back first. */
    @Test
    void countsNothingWhereAResponseThatMayFinishCostsLess() throws Exception {
        node.adaMay(2, "{\"amount\": \"1\", \"period\": \"month\", \"on_exhausted\": \"finish\"}");
        var meter = stream();
        meter.usage(counted(400, 1));
        node.pass(900 * SECOND);
        while (held() <= SampleBudgets.DOLLAR) {
            assertThat(meter.tick(node.now())).isEmpty();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        meter.end(Rows.completed("req-1", Rows.costing(5_000_000, true)));
        assertThat(node.budgets().counts().exceeded().sum()).isZero();
    }

    @Test
    void chargesWhatTheRowsCostWhoeverIsBilledAndHoldsNothingAfterwards() throws Exception {
        var meter = stream();
        meter.usage(counted(400, 1));
        meter.end(Rows.completed(
                "req-1", Rows.costing(4_000_000, true), Rows.costing(500_000, true), Rows.costing(500_000, false)));
        assertThat(held()).isZero();
        assertThat(node.view().charged()).isEqualTo(5_000_000);
        assertThat(node.budgets().counts().exceeded().sum()).isZero();
    }

    @Test
    void chargesWhatWasHeldWhereTheRecordOfARequestIsLost() throws Exception {
        var meter = stream();
        long held = held();
        meter.lost();
        assertThat(held()).isZero();
        assertThat(node.view().charged()).isEqualTo(held);
    }

    /** Where the upstream runs tools, they add prompts until the response ends. */
    @ParameterizedTest
    @ValueSource(
            strings = {ADDRESS, "\"max_tokens\":100,\"stream\":true,\"tools\":[{\"type\":\"web_search_20250305\"}]"})
    void holdsTheLongestPromptForWhatTheBodyOnlyNamesUntilItIsCounted(String members) throws Exception {
        // A million tokens cost more than the whole budget.
        assertThat(decision(members)).isInstanceOf(Verdict.Refused.class);
        upTo(2);
        var meter = granted(members);
        long longest = 1_000_000 * WRITE + 100 * OUTPUT + ROUNDING;
        assertThat(held()).isEqualTo(longest);
        meter.usage(counted(400, 1));
        boolean isCounted = members.equals(ADDRESS);
        assertThat(held()).isBetween(isCounted ? 1 : longest, isCounted ? 1_000_000 : longest);
    }

    @Test
    void holdsTheLongestPromptOfTheModelsThatMayRun() throws Exception {
        upTo(50);
        start(
                Duration.ofSeconds(60),
                new AssumedModels(OutputRate.DEFAULT, model -> model.equals(Inquiries.MODEL) ? 200_000 : 300_000));
        stream();
        assertThat(heldBy(ADDRESS)).isEqualTo(200_000 * WRITE + 100 * OUTPUT + ROUNDING);
        assertThat(heldBy(PDF)).isEqualTo(200_000 * WRITE + 10 * OUTPUT + ROUNDING);
        String fallback = ADDRESS + ",\"fallbacks\":[{\"model\":\"claude-sonnet-4-5\"}]";
        assertThat(heldBy(fallback)).isGreaterThan(600_000 * WRITE);
        String tools = ADDRESS + ",\"tools\":[{\"type\":\"web_fetch_20250910\",\"name\":\"web_fetch\"}]";
        assertThat(heldBy(tools)).isEqualTo(1_000_000 * WRITE + 100 * OUTPUT + ROUNDING);
        for (var beta : List.of(
                new Field("Anthropic-Beta", "a-2026-01-01,context-1m-2025-08-07"),
                new Field("anthropic_beta", "Context-1M-2025-08-07"))) {
            fields = List.of(beta);
            assertThat(heldBy(ADDRESS)).as("%s", beta).isEqualTo(1_000_000 * WRITE + 100 * OUTPUT + ROUNDING);
        }
    }

    /** A text has a bound of its own, which a small number of the upstream does not lower. */
    @Test
    void holdsAsMuchOfATextWhateverItsModelAccepts() throws Exception {
        start(Duration.ofSeconds(60), new AssumedModels(OutputRate.DEFAULT, model -> 1));
        granted(WHOLE);
        assertThat(held()).isEqualTo(text(WHOLE) + 9000 * OUTPUT + ROUNDING);
    }

    @Test
    void releasesAGrantThatWasNotUsed() throws Exception {
        ask(STREAM).release().orElseThrow().run();
        assertThat(held()).isZero();
        assertThat(node.budgets().charges().charged("req-1")).isEmpty();
    }

    /** Each budget that the policy in use has for it, as if it came now; those of the policy before, too. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void chargesARequestThatRunsToBudgetsThatAreAdded(boolean before) throws Exception {
        node.adaMay(2, before ? MONTH : "");
        var meter = stream();
        node.adaMay(3, MONTH.replace("month", "day"));
        assertThat(node.budgets().charges().charged("req-1").orElseThrow().run())
                .isEqualTo(node.budgets().node().run());
        assertThat(chargedTo())
                .isEqualTo(before ? List.of("client/ada/day", "client/ada/month") : List.of("client/ada/day"));

        meter.end(Rows.completed("req-1", Rows.costing(4_000_000, true)));
        assertThat(node.budgets().accounts.views())
                .extracting(Account.View::charged)
                .isNotEmpty()
                .containsOnly(4_000_000L);
        assertThat(node.budgets().charges().charged("req-1")).isEmpty();
    }

    @Test
    void aRequestThatRunsIsChargedOnceToABudgetWhoseZoneChanges() throws Exception {
        var meter = stream();
        var charged = node.budgets().charges().charged("req-1");
        node.adaMay(2, MONTH.replace("}", ", \"zone\": \"Pacific/Kiritimati\"}"));
        assertThat(node.budgets().charges().charged("req-1")).isEqualTo(charged);
        meter.end(Rows.completed("req-1"));
    }

    @Test
    void aRequestThatRunsIsNotChargedToAnotherModelOrClient() throws Exception {
        var meter = stream();
        String day = MONTH.replace("month", "day");
        node.write(
                2,
                "\"clients\": [{\"name\": \"bob\", \"kind\": \"person\", \"budgets\": [" + day + "]},"
                        + " {\"name\": \"ada\", \"kind\": \"person\", \"budgets\": \"unlimited\"}],"
                        + " \"models\": [{\"name\": \"claude-opus-*\", \"budgets\": [" + day + "]},"
                        + " {\"name\": \"claude-haiku-*\", \"budgets\": [" + MONTH.replace("month", "hour") + "]}]");
        assertThat(chargedTo()).containsExactly("client/ada/month", "model/claude-haiku-*/hour");
        meter.end(Rows.completed("req-1"));
    }

    /** The budgets of the first request. */
    private List<String> chargedTo() {
        var charged = node.budgets().charges().charged("req-1").orElseThrow();
        return charged.periods().stream().map(each -> each.budget()).toList();
    }

    @Test
    void learnsHowFastTheModelGenerates() throws Exception {
        for (int i = 0; i < 8; i++) {
            var stream = granted(STREAM);
            stream.usage(counted(400, 1));
            node.pass(10 * SECOND);
            stream.usage(counted(400, 800));
            stream.end(Rows.completed("req"));
        }
        assertThat(granted(STREAM).bounds())
                .map(UsageBounds::rate)
                .map(OutputRate::standard)
                .hasValue(125L);
    }

    /** It is complete, and so it is not cut. */
    @Test
    void countsAWholeReplyThatCostMoreThanItHeld() throws Exception {
        var meter = granted(WHOLE);
        node.pass(900 * SECOND);
        assertThat(meter.tick(node.now())).isEmpty();
        assertThat(held()).isEqualTo(text(WHOLE) + 9000 * OUTPUT + ROUNDING);
        assertThat(meter.usage(counted(1_500_000, 80))).isEmpty();
        node.pass(3 * SECOND);
        assertThat(meter.tick(node.now())).isEmpty();
        long held = held();
        try (var log = LogCapture.start()) {
            meter.end(Rows.completed("req-1", Rows.costing(1_600_000_000, true)));
            assertThat(log.lines(Budgets.class.getName(), Level.WARNING))
                    .extracting(LogLine::text)
                    .containsExactly("The request req-1 has cost more than its budgets held for it, by "
                            + (1_600_000_000 - held) + " nano-dollars");
        }
        var counts = node.budgets().counts();
        assertThat(counts.exceeded().sum()).isEqualTo(1);
        assertThat(counts.cut().sum()).isZero();
        assertThat(node.view().charged()).isEqualTo(1_600_000_000);
    }

    private void upTo(int dollars) throws Exception {
        node.adaMay(2, MONTH.replace("\"1\"", "\"" + dollars + "\""));
    }

    private Meter stream() throws Exception {
        return granted("\"max_tokens\":300000,\"stream\":true");
    }

    private long heldBy(String members) throws Exception {
        long before = held();
        granted(members);
        return held() - before;
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
        return node.decision(inquiry(members), this::note);
    }

    private void note(String request, long nanos) {
        noted.add(request + " " + nanos);
    }

    private Inquiry inquiry(String members) throws Exception {
        var plain = Inquiries.of("req-" + requests.incrementAndGet(), members, node.policy.current());
        return new Inquiry(
                plain.call(), plain.client(), plain.ownCredential(), plain.noCredential(), fields, plain.content());
    }

    /** What the prompt of such a request may cost. */
    private static long text(String members) {
        return (Inquiries.body(members).length + ADDED) * WRITE;
    }

    /** Ticks until the node has got from the database what the response needs. */
    private void eventually(Meter meter) throws Exception {
        long before = held();
        while (held() == before) {
            assertThat(meter.tick(node.now())).isEmpty();
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private long held() {
        return node.view().held();
    }

    private static UsageCounts counted(long input, long output) {
        return new UsageCounts(input, CacheWrites.NONE, 0, output, 0, 0, 0);
    }
}
