package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code policy.file} changes under a running gateway, as a whole or not at all. */
class PolicyReloadContract extends PolicyGround {
    private static final String FILE = "policy.json";
    private static final String ONLY_BUILD =
            "\"clients\": [{\"name\": \"build\", \"kind\": \"service\", \"token_names\": [\"ci\"]}]";

    private static final String STREAMING = "{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,\"stream\":true}";

    /** Bytes of a body that are sent at first. */
    private static final int HALF = 5;

    private Container container;
    private int version = 10;

    @BeforeAll
    final void deploy() throws Exception {
        write(FILE, policy(version, CLIENTS));
        container = deployed("changing", governed(FILE));
    }

    @BeforeEach
    final void startAnew() throws Exception {
        change(policy(++version, CLIENTS));
        assertThat(statuses("laptop")).containsExactly(200, 200);
        upstream.clear();
    }

    @Test
    void endsTheAccessOfAClientThatIsRemoved() throws Exception {
        log.clear();
        write(FILE, policy(++version, ONLY_BUILD));
        Eventually.holds(REMOVED, () -> messageBy("laptop").status() == 403);
        assertThat(forbidden(messageBy("desktop"))).contains(" named desktop ");
        assertThat(forbiddenAsOpenAi(chat("laptop", "gpt-small"))).contains(" named laptop ");
        assertThat(statuses("ci")).containsExactly(200, 200);
        assertThat(texts("dev.warder.policy", Level.INFO))
                .contains("policy.file: version " + version + " replaces version " + (version - 1));
    }

    @Test
    void endsTheStreamOfAClientThatIsRemovedWithOneErrorEvent() throws Exception {
        var goesOn = latch();
        next(Script.events(Messages.ping(), goesOn, Messages.end()), Script.heldEvents(goesOn, Messages.ping()));
        try (var removed = connect(container);
                var other = connect(container)) {
            var kept = other.send(request(container, "ci", "POST", MESSAGES).json(STREAMING))
                    .readHead();
            var head = removed.send(
                            request(container, "laptop", "POST", MESSAGES).json(STREAMING))
                    .readHead();
            assertThat(removed.readEvent().orElseThrow().name()).isEqualTo("ping");
            write(FILE, policy(++version, ONLY_BUILD));
            var rest = removed.readTimeout((int) REMOVED.toMillis()).readBody(head);
            assertThat(rest.truncated()).isFalse();
            var events = DispatchedEvent.of(rest.body());
            assertThat(events)
                    .extracting(DispatchedEvent::name)
                    .endsWith("error")
                    .containsOnlyOnce("error");
            assertThat(events.get(events.size() - 1).errorType()).isEqualTo("permission_error");
            assertThat(line(rest)).contains(" client=ada ", " end=refused");
            goesOn.countDown();
            assertThat(other.readBody(kept).text()).endsWith(Messages.end());
        }
    }

    /** A body that arrives at this pace is not too slow, and could have been begun hours ago. */
    @Test
    void sendsNothingUpForAClientThatIsRemovedWhileItsBodyArrives() throws Exception {
        try (var client = begin(MESSAGES, body("claude-x"))) {
            write(FILE, policy(++version, ONLY_BUILD));
            assertThat(forbidden(client.readResponse())).contains("no longer belongs to the client ada");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void decidesAgainAboutTheModelWhenTheBodyHasArrived() throws Exception {
        String json = body("claude-x");
        String limited = "\"clients\": [{\"name\": \"ada\", \"kind\": \"person\", \"token_names\": [\"laptop\"],"
                + " \"models\": [\"%s\"]}]";
        try (var client = begin(MESSAGES, json)) {
            change(policy(++version, limited.formatted("claude-haiku*")));
            client.send(json.substring(HALF));
            assertThat(forbidden(client.readResponse()))
                    .isEqualTo("The client ada may not use a model that this request names.");
        }
        change(policy(++version, CLIENTS));
        try (var client = begin(MESSAGES, json)) {
            change(policy(++version, limited.formatted("claude-x")));
            client.send(json.substring(HALF));
            Answers.refused(client.readResponse(), 503);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /** Sends the head and the first part of the body, and waits until the request is under way. */
    private RawClient begin(String path, String json) throws Exception {
        var client = connect(container);
        client.send(request(container, "laptop", "POST", path)
                        .field("Content-Length", Integer.toString(json.length()))
                        .head()
                + json.substring(0, HALF));
        eventually(() -> number(container, "OpenExchanges") == 1);
        return client;
    }

    /** A new client gets access when both files have it, whichever changes first. */
    @Test
    void admitsAClientThatBothFilesHave() throws Exception {
        String eve = CLIENTS.replace("\"clients\": [", "\"clients\": [{\"name\": \"%s\", \"kind\": \"person\"},");
        addToken("eve");
        eventually(() -> messageBy("eve").status() == 403);
        change(policy(++version, eve.formatted("eve")));
        assertThat(statuses("eve")).containsExactly(200, 200);
        change(policy(++version, eve.formatted("zoe")));
        assertThat(statuses("eve")).containsExactly(403, 403);
        log.clear();
        addToken("zoe");
        eventually(() -> messageBy("zoe").status() == 200);
        assertThat(log.await("dev.warder.auth", text -> text.contains("belong to no client"), PATIENCE)
                        .text())
                .contains(" (4): build, eve, shared, stranger");
    }

    @Test
    void limitsModelsAndPathsFromTheNextRequestOn() throws Exception {
        change(
                policy(
                        ++version,
                        "\"clients\": [{\"name\": \"ada\", \"kind\": \"person\", \"token_names\": [\"laptop\"],"
                                + " \"models\": [\"claude-haiku*\"], \"paths\": [\"/v1/messages\", \"/v1/chat/completions\"]}]"));
        forbidden(messageBy("laptop"));
        forbiddenAsOpenAi(chat("laptop", "gpt-test"));
        assertStatus(200, chat("laptop", "gpt-small"));
        forbidden(send(container, request(container, "laptop", "GET", "/v1/models")));
    }

    @Test
    void keepsThePolicyWhereANewOneHasProblemsAndReportsIt() throws Exception {
        long refused = refusals();
        refuse(
                policy(
                        ++version,
                        "\"zone\": \"Mars\", \"clients\": [{\"name\": \"ada\"}, {\"name\": \"ada\", \"kind\": \"person\"}]"),
                "zone: must be an IANA time zone",
                "client 1 (ada): kind: is missing",
                "client 2 (ada): name: is that of client 1 (ada)");
        assertThat(refusals()).isEqualTo(refused + 1);
        assertThat(statuses("laptop")).containsExactly(200, 200);
        assertText(200, health("laptop"))
                .contains("{\"name\":\"policy\",\"status\":\"UP\",\"data\":{\"reason\":\"policy.file has changed")
                .doesNotContain("Mars");
        assertThat(health("stranger").text()).contains("{\"name\":\"policy\",\"status\":\"UP\"}");
        refuse("{\"version\":", "is not one JSON object");
        change(policy(++version, CLIENTS));
        assertThat(health("laptop").text()).contains("{\"name\":\"policy\",\"status\":\"UP\"}");
    }

    @Test
    void refusesALowerVersionAndAnotherContentOfTheSame() throws Exception {
        refuse(
                policy(version - 1, ONLY_BUILD),
                "version: is " + (version - 1) + ", which is lower than the version in use, " + version);
        assertThat(statuses("laptop")).containsExactly(200, 200);
        refuse(policy(version, ONLY_BUILD), "version: is that of the policy in use, which differs");
        assertThat(statuses("laptop")).containsExactly(200, 200);
        change(policy(++version, ONLY_BUILD));
        assertThat(statuses("laptop")).containsExactly(403, 403);
    }

    /** Without a database a budget would silently limit nothing. */
    @Test
    void refusesABudgetThatCannotBeEnforced() throws Exception {
        String budget = "\"organization\": {\"budgets\": [{\"amount\": \"5\", \"period\": \"day\"%s}]}, ";
        refuse(policy(++version, budget.formatted("") + CLIENTS), "need a database");
        change(policy(version, budget.formatted(", \"mode\": \"warn\"") + CLIENTS));
        assertThat(statuses("laptop")).containsExactly(200, 200);
    }

    private void change(String json) throws Exception {
        log.clear();
        write(FILE, json);
        await("policy.file: file " + FILE + ": reloaded");
    }

    private void refuse(String json, String... problems) throws Exception {
        log.clear();
        write(FILE, json);
        var warning = await("policy.file: file " + FILE + ": ");
        assertThat(warning.level()).isEqualTo(Level.WARNING);
        assertThat(warning.text()).contains(problems).endsWith("what was read before stays in use");
    }

    private LogLine await(String words) throws InterruptedException {
        return log.await("dev.warder.config", text -> text.contains(words), PATIENCE);
    }

    private long refusals() {
        return number(container, "ConfigurationReloadsRefused");
    }

    private RawResponse health(String token) throws Exception {
        return send(container, request(container, token, "GET", "/health/ready"));
    }

    /** In both dialects. */
    private List<Integer> statuses(String token) throws Exception {
        return List.of(messageBy(token).status(), chat(token, "gpt-small").status());
    }

    private RawResponse messageBy(String token) throws Exception {
        return send(container, request(container, token, "POST", MESSAGES).json(body("claude-x")));
    }

    private RawResponse chat(String token, String model) throws Exception {
        return send(
                container, openAi(container, token, "POST", Completions.PATH).json(chat(model)));
    }
}
