package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets of {@code policy.file} that limit requests. The model costs 1 dollar for a million tokens of input, and 5 of output. */
class BudgetContract extends PolicyGround {
    private static final String UNIFIED = "anthropic-ratelimit-unified-";
    private static final String STREAMING = "{\"model\":\"" + MODEL + "\",\"max_tokens\":%d,\"stream\":true}";
    private static final String OF_AN_ADDRESS = "{\"model\":\"" + MODEL + "\",\"max_tokens\":9,\"messages\":[{\"role\":"
            + "\"user\",\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"https://example.com/a.pdf\"}}]}]}";
    private static final String DAY = "{\"amount\": \"%s\", \"period\": \"day\"}";

    private int deployments;

    /** What the test wants to be spent beyond the budgets, in nano-dollars. */
    private long overage;

    /** By how much a budget may be exceeded at the end of the test, in nano-dollars. */
    private long mostOutOfCap;

    private String database = "";

    @BeforeEach
    final void newDatabase() {
        overage = 0;
        mostOutOfCap = 0;
        database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        upstream.clear();
    }

    /** What an operator can select too. */
    @AfterEach
    final void theNumbersInTheDatabaseFitTogether() throws Exception {
        eventually(() -> count("SELECT COUNT(*) FROM warder_lease WHERE granted < drawn") == 0);
        assertThat(count("SELECT COALESCE(SUM(overage), 0) FROM warder_budget_period"))
                .isEqualTo(overage);
        eventually(
                () -> count("SELECT COUNT(*) FROM warder_budget_check WHERE leased_differs <> 0 OR unknown_differs <> 0"
                                + " OR spent_differs <> 0 OR out_of_cap > " + mostOutOfCap)
                        == 0);
    }

    @Test
    void refusesAClientWhoseBudgetIsSpentAndNobodyElse() throws Exception {
        var container = node("\"budgets\": [" + DAY.formatted("0.004") + "]");

        int served = 0;
        RawResponse answer;
        do {
            upstream.next(json(200, message(500, 9)));
            answer = message(container, "laptop");
            served += answer.status() == 200 ? 1 : 0;
        } while (answer.status() == 200 && served < 20);

        // Each costs 0.000545 dollars, and holds 0.0014.
        assertThat(served).isBetween(4, 6);
        assertThat(Answers.refused(answer, 429, "billing_error"))
                .startsWith("The budget of client ada for this day ")
                .contains("begins again on ");
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        assertThat(answer.fields().values(UNIFIED + "status")).containsExactly("rejected");
        assertThat(answer.fields().values(UNIFIED + "overage-period")).containsExactly("daily");
        assertStatus(200, message(container, "ci"));
    }

    /** The model's row states 200,000 tokens, which cost more than the budget. */
    @Test
    void holdsTheLongestPromptThatTheUpstreamReports() throws Exception {
        upstream.models(
                json(200, "{\"data\":[{\"id\":\"" + MODEL + "\",\"max_input_tokens\":5000}],\"has_more\":false}"));
        addToken("desktop", "rights=managed,web");
        try {
            var container = node("\"budgets\": [" + DAY.formatted("0.02") + "]", Map.of("openai.enabled", "false"));
            upstream.takeModelQuestion();
            eventually(() -> send(
                                    container,
                                    request(container, "desktop", "POST", MESSAGES)
                                            .json(OF_AN_ADDRESS))
                            .status()
                    == 200);
        } finally {
            upstream.models(json(200, "{\"data\":[],\"has_more\":false}"));
        }
    }

    @Test
    void endsAStreamWithOneErrorEventWhenNothingIsLeft() throws Exception {
        var events = DispatchedEvent.of(
                cutStream(MESSAGES, STREAMING.formatted(100_000)).body());
        assertThat(events.get(events.size() - 1).errorType()).isEqualTo("billing_error");
    }

    @Test
    void endsAChatStreamWithOneErrorWhenNothingIsLeft() throws Exception {
        var cut = cutStream(
                Completions.PATH,
                "{\"model\":\"gpt-small\",\"max_completion_tokens\":100000,\"stream\":true,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
        var errors = Completions.frames(cut.text()).stream()
                .filter(frame -> frame.containsKey("error"))
                .map(frame -> frame.getJsonObject("error"))
                .toList();
        assertThat(errors).hasSize(1);
        assertThat(errors.get(0).getString("type")).isEqualTo("insufficient_quota");
        assertThat(errors.get(0).getString("message")).startsWith("The budget of client ada for this day ");
    }

    /** The response to a stream whose first thousand tokens cost half of the budget, and are assumed to need four seconds. */
    private RawResponse cutStream(String path, String body) throws Exception {
        var container = node("\"budgets\": [" + DAY.formatted("0.012") + "]");
        var cut = latch();
        upstream.next(Script.heldEvents(cut, start(500)));
        try (var client = connect(container)) {
            var head = client.send(request(container, "laptop", "POST", path).json(body))
                    .readHead();
            assertThat(head.status()).isEqualTo(200);
            var response = client.readBody(head);
            assertThat(line(response)).contains(" end=budget");
            return response;
        } finally {
            cut.countDown();
        }
    }

    /** It waits for the first lease, with more than the memory that requests of one client may keep while they wait. */
    @Test
    void servesALargeBodyWhereMemoryIsScarce() throws Exception {
        var container = node("\"budgets\": [" + DAY.formatted("1000") + "]", Map.of("limits.memory", "6m"));
        upstream.next(json(200, message(500, 9)));
        var body = "{\"model\":\"" + MODEL + "\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\""
                + "x".repeat(2_000_000) + "\"}]}";
        assertStatus(
                200,
                exchange(
                        container,
                        request(container, "laptop", "POST", MESSAGES).json(body)));
    }

    /** Its 6,000 tokens cost two and a half times as much as the budget has. */
    @Test
    void letsAStreamFinishWhereTheBudgetSaysSo() throws Exception {
        var container =
                node("\"budgets\": [{\"amount\": \"0.012\", \"period\": \"day\", \"on_exhausted\": \"finish\"}]");
        upstream.next(Script.events(start(500), end(6000)));

        var answer =
                send(container, request(container, "laptop", "POST", MESSAGES).json(STREAMING.formatted(100_000)));

        assertThat(answer.text()).endsWith(end(6000));
        overage = 18_500_000;
        mostOutOfCap = overage;
        eventually(() -> count("SELECT SUM(overage) FROM warder_budget_period") == overage);
        assertThat(metric(container, "warder_budget_exceeded_total")).isEqualTo(1);
        assertStatus(429, message(container, "laptop"));
    }

    /** One try holds more than half of the budget, and the first one costs nothing. */
    @Test
    void triesAnotherCredentialWhereTheBudgetCoversOneTry() throws Exception {
        var credentials = ground.guarded()
                .with("upstream.credentials", "one=jndi:warder/secret.one; two=jndi:warder/secret.two")
                .withJndi("warder/secret.one", MANAGED_KEY)
                .withJndi("warder/secret.two", OWN_KEY);
        var container = deployed(credentials, withBudgets("\"budgets\": [" + DAY.formatted("0.0025") + "]"), Map.of());
        awaitReady(container);
        next(json(529, Messages.error("overloaded_error", "Busy.")), json(200, message(500, 9)));

        assertStatus(200, message(container, "laptop"));

        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void waitsForRequestsThatHoldTheRest() throws Exception {
        // One request holds more than half of it.
        var container = node("\"budgets\": [" + DAY.formatted("0.0025") + "]");
        var goesOn = latch();
        next(json(goesOn, 200, message(10, 1)), json(200, message(10, 1)));

        try (var first = connect(container);
                var second = connect(container)) {
            first.send(request(container, "laptop", "POST", MESSAGES).json(body(MODEL)));
            eventually(() -> upstream.requests().size() == 1);
            second.send(request(container, "desktop", "POST", MESSAGES).json(body(MODEL)));
            eventually(() -> metric(container, "warder_budget_waiting") == 1);
            assertThat(upstream.requests()).hasSize(1);
            goesOn.countDown();
            assertStatus(200, first.readResponse());
            assertStatus(200, second.readResponse());
        }
        // The period that a request is charged to is that of the same moment.
        eventually(() -> count("SELECT COUNT(*) FROM warder_ledger") == 2);
        assertThat(count("SELECT COUNT(*) FROM warder_ledger"
                        + " WHERE admitted_at < (SELECT MIN(ended_at) FROM warder_ledger)"))
                .as("rows of requests that were admitted when they began to wait")
                .isEqualTo(2);
    }

    @Test
    void chargesOnlyWhatTheOperatorPays() throws Exception {
        var container = node("\"budgets\": [" + DAY.formatted("0") + "]");
        upstream.next(json(200, message(500, 9)));

        assertStatus(
                200,
                send(
                        container,
                        request(container, "POST", MESSAGES)
                                .field("x-warder-token", secret("laptop"))
                                .field("x-api-key", OWN_KEY)
                                .json(body(MODEL))));
        assertThat(upstream.take().fields().values("x-api-key")).containsExactly(OWN_KEY);
        assertStatus(429, message(container, "laptop"));
        eventually(() -> count("SELECT COUNT(*) FROM warder_ledger WHERE NOT billed") == 1);
        assertThat(count("SELECT SUM(spent) FROM warder_budget_period")).isZero();
    }

    private static final String BILLS_PROFILE = "{\"type\":\"billing_policy\",\"bill_to\":\"user_profile\"}";

    /** What the customer behind a user profile is billed is on no bill of the operator. */
    @ParameterizedTest
    @CsvSource({"false, 200", "true, 429"})
    void chargesWhatAUserProfileIsBilledOnlyIfItIsToldTo(boolean charges, int status) throws Exception {
        var container = node("\"budgets\": [" + DAY.formatted("0") + "]", Map.of("budget.userProfile", "" + charges));
        upstream.next(json(200, message(500, 9)));

        assertStatus(status, billed(container, "\"billing_policy\":" + BILLS_PROFILE));

        for (var own : List.of(
                "\"billing_policy\":" + BILLS_PROFILE.replace("user_profile", "self"),
                "\"billing_policy\":null",
                "\"billing_policy\":" + BILLS_PROFILE + ",\"billing_policy\":null",
                "\"billing_policy\":{\"bill_to\":\"self\"},\"billing_policy\":" + BILLS_PROFILE,
                "\"billing_policy\":{\"bill_to\":\"user_profile\",\"bill_to\":null}",
                "\"metadata\":" + BILLS_PROFILE,
                "\"metadata\":{\"billing_policy\":" + BILLS_PROFILE + "}")) {
            assertStatus(429, billed(container, own));
        }
        if (!charges) {
            eventually(() -> count("SELECT COUNT(*) FROM warder_ledger WHERE NOT billed AND cost_nanos = 545000") == 1);
            assertThat(count("SELECT SUM(spent) FROM warder_budget_period")).isZero();
        }
    }

    @Test
    void chargesAUserProfileTheListPriceIfItIsToldTo() throws Exception {
        var container = node("\"budgets\": [" + DAY.formatted("1") + "]", Map.of("budget.userProfile", "true"));
        upstream.next(json(200, message(500, 9)));
        assertStatus(200, billed(container, "\"billing_policy\":" + BILLS_PROFILE));
        eventually(() -> count("SELECT SUM(spent) FROM warder_budget_period") == 545_000);
        assertThat(count("SELECT COUNT(*) FROM warder_ledger WHERE NOT billed")).isEqualTo(1);
    }

    private RawResponse billed(Container container, String policy) throws IOException {
        return send(
                container,
                request(container, "laptop", "POST", MESSAGES)
                        .json(body(MODEL).replaceFirst("\\{", Matcher.quoteReplacement("{" + policy + ","))));
    }

    /** Ids of sessions are the client's choice. */
    @Test
    void refusesASessionWhoseBudgetIsSpentAndNoOther() throws Exception {
        var container = nodeWith("\"sessions\": {\"budgets\": [" + DAY.formatted("0.004") + "]}, " + CLIENTS, Map.of());
        var ids = List.of("../run away/'; DROP TABLE warder_ledger; --", "a".repeat(1000), "s-2");
        for (var id : ids) {
            assertStatus(200, inSession(container, "laptop", id));
        }

        int served = 0;
        RawResponse answer;
        do {
            answer = inSession(container, "laptop", "s-1");
            served += answer.status() == 200 ? 1 : 0;
        } while (answer.status() == 200 && served < 20);

        assertThat(Answers.refused(answer, 429, "billing_error"))
                .startsWith("The budget of this session for this day ");
        assertStatus(200, inSession(container, "laptop", "s-2"));
        assertStatus(200, inSession(container, "ci", "s-1"));
        assertStatus(200, message(container, "laptop"));
        eventually(() ->
                count("SELECT COUNT(*) FROM warder_budget_period WHERE spent > 0 AND budget LIKE 'session/ada/%'") == 4
                        && count(
                                        "SELECT COUNT(*) FROM warder_budget_period WHERE budget = 'session/build/s-1/day' AND spent > 0")
                                == 1);
    }

    @Test
    void refusesRequestsUntilTheDatabaseIsThere() throws Exception {
        String later = database;
        database = database.replace(";", ";IFEXISTS=TRUE;");
        var container = deployed(withBudgets("\"budgets\": [" + DAY.formatted("5") + "]"), Map.of());
        database = later;

        assertThat(assertStatus(503, message(container, "laptop")).fields().has("retry-after"))
                .isTrue();

        assertThat(count("SELECT 1")).isEqualTo(1);
        eventually(() -> message(container, "laptop").status() == 200);
    }

    @Test
    void refusesPathsWhoseCostIsNotRead() throws Exception {
        var container = node("\"budgets\": [" + DAY.formatted("5") + "]");

        var raw = send(
                container,
                request(container, "laptop", "POST", "/anthropic/v1/messages").json(body(MODEL)));

        assertThat(forbidden(raw)).contains("/v1/messages");
        addToken("desktop", "rights=passthrough,managed,workspace");
        var batch = request(container, "desktop", "POST", MESSAGES + "/batches").json("{\"requests\":[]}");
        // The file of tokens is read again after some time.
        eventually(() -> send(container, batch).text().contains("a budget limits this client"));
        assertThat(forbidden(send(container, batch))).contains("Use /v1/messages instead");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void whatWasSpentCountsAfterARestartAndOnEveryNode() throws Exception {
        String budgets = "\"budgets\": [" + DAY.formatted("0.004") + "]";
        var one = node(budgets);
        upstream.next(json(200, message(600, 500)));
        assertStatus(200, message(one, "laptop"));
        eventually(
                () -> count("SELECT SUM(spent) FROM warder_budget_period WHERE budget LIKE 'client/%'") == 3_100_000);

        var other = node(budgets);

        assertThat(Answers.refused(message(other, "laptop"), 429, "billing_error"))
                .isNotEmpty();
        assertThat(Answers.refused(message(one, "laptop"), 429, "billing_error"))
                .isNotEmpty();
    }

    @Test
    void warnsTheClientBeforeItsBudgetIsSpent() throws Exception {
        var container = node("\"budgets\": [" + DAY.formatted("0.01") + "]");
        upstream.next(json(200, message(600, 1500)));
        assertThat(message(container, "laptop").fields().values(UNIFIED + "status"))
                .isEmpty();
        eventually(
                () -> count("SELECT SUM(spent) FROM warder_budget_period WHERE budget LIKE 'client/%'") == 8_100_000);

        eventually(() -> {
            upstream.next(json(200, message(10, 1)));
            return message(container, "laptop")
                    .fields()
                    .values(UNIFIED + "status")
                    .contains("allowed_warning");
        });
    }

    @Test
    void budgetsThatOnlyWarnRefuseNothing() throws Exception {
        mostOutOfCap = Long.MAX_VALUE;
        var container = node("\"budgets\": [{\"amount\": \"0.000001\", \"period\": \"day\", \"mode\": \"warn\"}]");
        for (int i = 0; i < 3; i++) {
            upstream.next(json(200, message(500, 9)));
            assertStatus(200, message(container, "laptop"));
        }
        eventually(
                () -> count("SELECT SUM(spent) FROM warder_budget_period WHERE budget LIKE 'client/%'") == 3 * 545_000);
    }

    @Test
    void spendsWhatItHasReservedWhileTheDatabaseIsAwayAndNoMore() throws Exception {
        var container = node("\"budgets\": [" + DAY.formatted("5") + "]", Map.of("budget.wait", "1s"));
        upstream.next(json(200, message(500, 9)));
        assertStatus(200, message(container, "laptop"));
        execute("ALTER TABLE warder_budget_period RENAME TO elsewhere");

        int served = 0;
        RawResponse answer;
        do {
            upstream.next(json(200, message(500, 9)));
            answer = message(container, "laptop");
            served += answer.status() == 200 ? 1 : 0;
        } while (answer.status() == 200 && served < 1000);
        assertThat(Answers.refused(answer, 503, "api_error")).isNotEmpty();
        assertThat(answer.fields().values("retry-after")).containsExactly("5");
        // A request holds 0.0014 dollars, and is refused when less is left. Perhaps the node was giving as much back.
        long reserved = count("SELECT SUM(granted) FROM warder_lease");
        long spent = (served + 1) * 545_000L;
        assertThat(spent).isBetween(reserved - 3_000_000, reserved);

        execute("ALTER TABLE elsewhere RENAME TO warder_budget_period");
        eventually(() -> count("SELECT SUM(spent) FROM warder_budget_period") == spent);
        assertThat(count("SELECT COUNT(*) FROM warder_budget_check"
                        + " WHERE leased_differs <> 0 OR unknown_differs <> 0 OR spent_differs <> 0"))
                .isZero();
        eventually(() -> message(container, "laptop").status() == 200);
    }

    private Container node(String budgets) throws Exception {
        return node(budgets, Map.of());
    }

    private Container node(String budgets, Map<String, String> settings) throws Exception {
        return nodeWith(withBudgets(budgets), settings);
    }

    /** @param members of the policy */
    private Container nodeWith(String members, Map<String, String> settings) throws Exception {
        var container = deployed(members, settings);
        awaitReady(container);
        return container;
    }

    private Container deployed(String members, Map<String, String> settings) throws Exception {
        return deployed(ground.usual(), members, settings);
    }

    private Container deployed(Deployment plain, String members, Map<String, String> settings) throws Exception {
        String file = "budgets" + ++deployments;
        write(file, policy(1, members));
        var deployment = governed(plain, file)
                .with("budget.default", "unlimited")
                .with("metrics.open", "true")
                .withDatabase(database);
        for (var setting : settings.entrySet()) {
            deployment = deployment.with(setting.getKey(), setting.getValue());
        }
        return deployed("node" + deployments, deployment);
    }

    /** The clients of all tests, of whom the first one has these budgets. */
    private static String withBudgets(String budgets) {
        return CLIENTS.replace(
                "\"token_names\": [\"laptop\", \"desktop\"]", "\"token_names\": [\"laptop\", \"desktop\"], " + budgets);
    }

    private RawResponse inSession(Container container, String token, String id) throws IOException {
        upstream.next(json(200, message(500, 9)));
        return send(
                container,
                request(container, token, "POST", MESSAGES)
                        .field("x-claude-code-session-id", id)
                        .json(body(MODEL)));
    }

    private static double metric(Container container, String name) throws IOException {
        var text = send(container, request(container, "GET", "/metrics")).text();
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(-1);
    }

    private void execute(String sql) throws Exception {
        try (var connection = BoundDatabase.of(database).getConnection()) {
            connection.createStatement().execute(sql);
        }
    }

    private long count(String query) throws Exception {
        try (var connection = BoundDatabase.of(database).getConnection();
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static String start(int input) {
        return Messages.start()
                .replace("claude-test", MODEL)
                .replace("\"input_tokens\":3", "\"input_tokens\":" + input);
    }

    private static String end(int output) {
        return Messages.end().replace("\"output_tokens\":5", "\"output_tokens\":" + output);
    }
}
