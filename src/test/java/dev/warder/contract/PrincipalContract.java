package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.Script;
import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients, teams, tokens, budgets and limits that administrators keep in the database, on two nodes. */
class PrincipalContract extends PrincipalGround {
    /**
     * For the end of a revoked token's access on another node, which finds it at its next look. That no look is later than operators
     * may rely on is shown by {@code ScheduleTest}.
     */
    private static final Duration REVOKED = Limit.seconds(5);

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    private final Map<String, Container> nodes = new TreeMap<>();
    private String sharedDatabase = "";
    private String database = "";

    @BeforeEach
    final void createDatabase() throws Exception {
        database = postgres.anotherAddress();
        for (var node : nodes.values()) {
            removeClients(node);
        }
    }

    /** One of two nodes with a database of their own, which has no client when a test begins. */
    private Container shared(String name) throws Exception {
        if (sharedDatabase.isEmpty()) {
            sharedDatabase = postgres.anotherAddress();
        }
        var known = nodes.get(name);
        if (known == null) {
            known = node(name, sharedDatabase);
            nodes.put(name, known);
        }
        return known;
    }

    /** More readers that read nothing than there are threads and places for those that wait; each response has megabytes. */
    @Test
    void readersThatDoNotReadHoldNoThread() throws Exception {
        try (var node = node("slow-readers", database)) {
            String models = IntStream.range(0, 100)
                    .mapToObj(i -> "'claude-model-of-number-" + i + "*'")
                    .collect(Collectors.joining(", "));
            String clients = IntStream.range(0, 1000)
                    .mapToObj(i -> "{'name': 'person-" + i + "', 'kind': 'person', 'models': [" + models + "]}")
                    .collect(Collectors.joining(", "));
            done(admin(node, "POST", "import", "{'policy_file': {'version': 1, 'clients': [" + clients + "]}}"));
            var open = new ArrayList<RawClient>();
            try {
                for (int i = 0; i < 40; i++) {
                    var reader = RawClient.connect(node.baseUri(), 16 * 1024);
                    open.add(reader);
                    String resource = i % 2 == 0 ? "clients?limit=1000" : "audit?format=csv";
                    reader.send(administrator(node, "GET", API + resource));
                    assertThat(reader.readHead().status()).isEqualTo(200);
                }
                done(admin(node, "GET", "clients?limit=1"));
                ok(node, administrator(node, "GET", "/admin/clients"));
                assertThat(admin(node, "GET", "audit?format=csv").text()).endsWith("\r\n");
            } finally {
                for (var reader : open) {
                    reader.close();
                }
            }
        }
    }

    @Test
    void aTokenIsAcceptedOnEachNodeUntilItIsRevoked() throws Exception {
        var one = shared("one");
        var two = shared("two");
        createClient(one, "build", "");
        var token = createToken(one, "build-ci", "build", "");
        assertThat(token.getString("client")).isEqualTo("build");
        assertThat(status(one, "build-ci"))
                .as("at once on the node that made it")
                .isEqualTo(200);
        eventually(() -> status(two, "build-ci") == 200);
        var goesOn = latch();
        try (var stream = connect(two)) {
            upstream.next(Script.heldEvents(goesOn, Messages.ping()));
            var head = stream.send(request(two, "POST", MESSAGES)
                            .field("x-api-key", issued("build-ci"))
                            .json("{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,\"stream\":true}"))
                    .readHead();
            assertThat(stream.readEvent().orElseThrow().name()).isEqualTo("ping");
            var revoked = done(admin(one, "DELETE", "tokens/" + token.getString("id")));
            assertThat(revoked.isNull("revoked_at")).isFalse();
            Answers.refused(use(one, "build-ci"), 401);
            Eventually.holds(REVOKED, () -> status(two, "build-ci") == 401);
            var rest = stream.readTimeout((int) REVOKED.toMillis()).readBody(head);
            assertThat(DispatchedEvent.of(rest.body()))
                    .extracting(DispatchedEvent::name)
                    .endsWith("error")
                    .containsOnlyOnce("error");
        } finally {
            goesOn.countDown();
        }
        assertThat(done(admin(two, "GET", "tokens/" + token.getString("id"))).containsKey("token"))
                .as("shown once")
                .isFalse();
    }

    @Test
    void aRemovedClientLosesItsTokens() throws Exception {
        var one = shared("one");
        var two = shared("two");
        createClient(one, "build", "");
        createToken(one, "ci", "build", "");
        eventually(() -> status(two, "ci") == 200);
        done(admin(one, "DELETE", "clients/build"));
        assertThat(status(one, "ci")).isEqualTo(401);
        Eventually.holds(REVOKED, () -> status(two, "ci") == 401);
        createClient(two, "build", "");
        assertThat(status(two, "ci"))
                .as("a client of the same name is another one")
                .isEqualTo(401);
    }

    @Test
    void theTermsOfATokenLimitIt() throws Exception {
        var one = shared("one");
        createClient(one, "build", ", 'models': ['claude-haiku*', 'claude-sonnet*']");
        createToken(one, "narrow", "build", "'models': ['claude-haiku*'], 'paths': ['/v1/messages']");
        createToken(one, "elsewhere", "build", "'networks': ['192.0.2.0/24', '2001:db8::/32']");
        createToken(one, "here", "build", "'networks': ['127.0.0.0/8', '::1']");
        createToken(one, "powerless", "build", "'rights': []");
        assertThat(status(one, "narrow")).isEqualTo(200);
        forbidden(send(one, message(one, "narrow", "claude-sonnet-5")));
        forbidden(send(one, request(one, "GET", "/v1/models").field("x-api-key", issued("narrow"))));
        assertThat(forbidden(use(one, "elsewhere"))).contains("elsewhere", "network");
        assertThat(health(one, "here")).contains("credential-primary");
        assertThat(health(one, "elsewhere")).contains("credential-1").doesNotContain("primary");
        assertThat(status(one, "here")).isEqualTo(200);
        ok(one, message(one, "here", "claude-sonnet-5"));
        assertThat(status(one, "powerless")).isEqualTo(401);
        refusedTerms(one, "'expires': '2020-01-01T00:00:00Z'", "expires");
        refusedTerms(one, "'rights': ['root']", "rights");
        refusedTerms(one, "'networks': ['10.0.0.1/8']", "networks");
        refusedTerms(one, "'paths': []", "paths");
        refusedTerms(one, "'colour': 'red'", "colour");
    }

    private String health(Container one, String token) throws Exception {
        var health = request(one, "GET", "/health/ready").field("x-api-key", issued(token));
        return ok(one, health).text();
    }

    private void refusedTerms(Container one, String terms, String named) throws Exception {
        var refused = admin(one, "POST", "tokens", "{'name': 'x', 'client': 'build', 'terms': {" + terms + "}}");
        assertThat(Answers.refused(refused, 400)).contains(named);
    }

    /** The ETag of what one of them has read is not that of what the other one has made of it. */
    @Test
    void twoAdministratorsLoseNoUpdate() throws Exception {
        var one = shared("one");
        var two = shared("two");
        createClient(one, "build", "");
        String read = etag(admin(one, "GET", "clients/build"));
        assertThat(etag(admin(two, "GET", "clients/build"))).isEqualTo(read);
        done(adminIfMatch(one, "PATCH", "clients/build", read, "{'tags': ['a']}"));
        Answers.refused(
                adminIfMatch(two, "PATCH", "clients/build", read, "{'tags': ['b']}"), 412, "invalid_request_error");
        Answers.refused(admin(two, "PATCH", "clients/build", "{'tags': ['b']}"), 428, "invalid_request_error");
        Answers.refused(admin(two, "PUT", "clients/build", "{'kind': 'person'}"), 428, "invalid_request_error");
        var now = admin(two, "GET", "clients/build");
        assertThat(Answers.json(now).getJsonObject("definition").getJsonArray("tags"))
                .hasToString("[\"a\"]");
        done(adminIfMatch(two, "PUT", "clients/build", etag(now), "{'kind': 'person'}"));
        assertThat(Answers.json(admin(one, "GET", "clients/build")).getJsonObject("definition"))
                .hasToString("{\"name\":\"build\",\"kind\":\"person\"}");
    }

    @Test
    void aRepeatedRequestWithTheSameKeyIsDoneOnce() throws Exception {
        var one = shared("one");
        var two = shared("two");
        createClient(one, "build", "");
        String key = UUID.randomUUID().toString();
        String json = "{\"name\": \"ci\", \"client\": \"build\"}";
        var first = send(
                one,
                administrator(one, "POST", API + "tokens")
                        .field("idempotency-key", key)
                        .json(json));
        log.plant(created(first).getString("token"));
        var second = send(
                two,
                administrator(two, "POST", API + "tokens")
                        .field("idempotency-key", key)
                        .json(json));
        assertThat(created(second).getString("id"))
                .isEqualTo(Answers.json(first).getString("id"));
        assertThat(Answers.json(second).isNull("token")).isTrue();
        assertThat(done(admin(one, "GET", "tokens")).getJsonArray("data").getValuesAs(JsonObject.class))
                .filteredOn(token -> token.isNull("revoked_at"))
                .hasSize(1);
        var other = administrator(two, "POST", API + "tokens")
                .field("idempotency-key", key)
                .json("{\"name\": \"other\", \"client\": \"build\"}");
        Answers.refused(send(two, other), 422);
    }

    @Test
    void aChangeThatDoesNotFitIsRefusedAndChangesNothing() throws Exception {
        var one = shared("one");
        created(admin(one, "POST", "teams", "{'name': 'blue'}"));
        createClient(one, "build", ", 'teams': ['blue']");
        String before = admin(one, "GET", "clients").text();
        assertThat(refused(admin(one, "POST", "clients", "{'name': 'x'}"), 400)).contains("kind: is missing");
        assertThat(refused(admin(one, "POST", "clients", "{'name': 'x', 'kind': 'service', 'colour': 1}"), 400))
                .contains("colour: unknown member");
        assertThat(refused(admin(one, "POST", "clients", "{'name': 'x', 'kind': 'service', 'teams': ['red']}"), 400))
                .contains("is not the name of a team");
        refused(admin(one, "POST", "clients", "{'name': 'build', 'kind': 'service'}"), 409);
        assertThat(refused(admin(one, "POST", "clients", "{'name': 'BLUE', 'kind': 'service'}"), 400))
                .contains("apart from the case of letters");
        assertThat(refused(admin(one, "DELETE", "teams/blue"), 409)).contains("client/build");
        assertThat(refused(
                        admin(one, "PUT", "organization", "{'budgets': [{'amount': '-1', 'period': 'month'}]}"), 400))
                .contains("amount");
        refused(admin(one, "POST", "clients", "['x']"), 400);
        refused(admin(one, "POST", "clients", "{'name': 'x', 'name': 'x', 'kind': 'service'}"), 400);
        refused(admin(one, "POST", "tokens", "{'name': 'x', 'client': 'absent'}"), 400);
        refused(admin(one, "GET", "clients?limit=0"), 400);
        refused(admin(one, "GET", "clients?page=page_%21"), 400);
        refused(admin(one, "GET", "clients?sort=name"), 400);
        refused(admin(one, "POST", "clients", "{'name': 'x', 'kind': '" + "x".repeat(70_000) + "'}"), 413);
        assertStatus(404, admin(one, "GET", "clients/none"));
        assertStatus(404, admin(one, "DELETE", "clients/none"));
        assertStatus(405, admin(one, "PUT", "clients"));
        assertThat(admin(one, "GET", "clients").text()).isEqualTo(before);
    }

    private static String refused(dev.warder.testkit.RawResponse response, int status) {
        return Answers.refused(response, status, status == 413 ? "request_too_large" : "invalid_request_error");
    }

    /** The limits of a client are in use with the change, as those of a file are. */
    @Test
    void limitsAndBudgetsOfTheDatabaseCount() throws Exception {
        try (var one = node("one", database)) {
            createClient(one, "build", ", 'limits': {'requests_per_minute': 1}");
            createToken(one, "ci", "build", "'tags': ['project:x']");
            assertThat(status(one, "ci")).isEqualTo(200);
            assertThat(status(one, "ci")).isEqualTo(429);
            createClient(one, "payer", ", 'budgets': 'unlimited'");
            createToken(one, "payer-ci", "payer", "'tags': ['project:x']");
            assertThat(status(one, "payer-ci")).isEqualTo(200);
            String etag = etag(admin(one, "GET", "clients/build"));
            refused(
                    admin(one, "POST", "tags", "{'name': 'project:x', 'budgets': [{'amount': '0', 'period': 'day'}]}"),
                    409);
            done(adminIfMatch(one, "PATCH", "clients/build", etag, "{'budgets': 'unlimited', 'limits': null}"));
            created(admin(one, "POST", "tags", "{'name': 'project:x', 'budgets': [{'amount': '0', 'period': 'day'}]}"));
            eventually(() -> use(one, "payer-ci").text().contains("billing_error"));
            assertThat(use(one, "ci").text()).contains("billing_error");
        }
    }

    /** A file that is imported stays in use until the operator removes it; then the database has the same. */
    @Test
    void filesAreTakenOver() throws Exception {
        write("imported", policy(3, CLIENTS));
        String files = "{\"policy_file\": " + policy(3, CLIENTS) + ", \"clients_file\": "
                + jakarta.json.Json.createValue(Files.readString(Path.of(path("clients")))) + "}";
        try (var one = start("one", withFile("imported"))) {
            assertThat(statuses(one)).containsExactly(200, 200, 403, 200);
            assertThat(done(admin(one, "POST", "import", files)).getInt("tokens"))
                    .isEqualTo(7);
            var again = done(admin(one, "POST", "import", files));
            assertThat(List.of(again.getInt("objects"), again.getInt("tokens"))).containsExactly(0, 0);
            assertThat(statuses(one)).containsExactly(200, 200, 403, 200);
        }
        try (var two = node("two", database)) {
            assertThat(statuses(two)).as("without the files").containsExactly(200, 200, 403, 200);
            var laptop = done(admin(two, "GET", "tokens?search=laptop"));
            assertThat(laptop.getJsonArray("data").getJsonObject(0).getString("client"))
                    .isEqualTo("ada");
        }
    }

    /** Budgets follow the policy with the highest number, and that of the file was higher than the first one of the database. */
    @Test
    void aCapThatIsLoweredAfterTheMoveHoldsInTheRunningPeriod() throws Exception {
        String budgets = "'budgets': [{'amount': '%s', 'period': 'month'}]";
        String file = policy(
                1000,
                ("'clients': [{'name': 'laptop', 'kind': 'person', " + budgets.formatted("500") + "}]")
                        .replace('\'', '"'));
        write("moved", file);
        try (var one = start("one", withFile("moved"))) {
            eventually(() -> ofFile(one, "laptop", "claude-haiku-4-5") == 200);
            done(admin(one, "POST", "import", "{\"policy_file\": " + file + "}"));
        }
        try (var two = start("two", deployment(database).with("clients.file", path("clients")))) {
            eventually(() -> ofFile(two, "laptop", "claude-haiku-4-5") == 200);
            done(adminIfMatch(two, "PATCH", "clients/laptop", "*", "{" + budgets.formatted("0") + "}"));
            eventually(() -> ofFile(two, "laptop", "claude-haiku-4-5") == 429);
        }
    }

    /** A node that uses this file, and in whose database administrators prepare the same. */
    private Deployment withFile(String file) {
        return governed(file).withDatabase(database).withSecret("admin.token", ADMIN_TOKEN);
    }

    /** Of tokens of the file: unlimited; limited by its client; of another model than its own; of its own model. */
    private List<Integer> statuses(Container container) throws Exception {
        return List.of(
                ofFile(container, "laptop", "claude-opus-5"),
                ofFile(container, "ci", "claude-haiku-4-5"),
                ofFile(container, "ci", "claude-opus-5"),
                ofFile(container, "narrow", "claude-sonnet-5"));
    }

    private int ofFile(Container container, String token, String model) throws Exception {
        return send(container, request(container, token, "POST", MESSAGES).json(body(model)))
                .status();
    }

    @Test
    void listsHavePages() throws Exception {
        var one = shared("one");
        for (var name : List.of("ada", "bob", "cyd", "dan", "eve")) {
            createClient(one, name, "");
        }
        var first = done(admin(one, "GET", "clients?limit=2"));
        createClient(one, "aaa", "");
        var second = done(admin(one, "GET", "clients?limit=2&page=" + first.getString("next_page")));
        assertThat(names(second)).as("what is added before does not shift it").containsExactly("cyd", "dan");
        var last = done(admin(one, "GET", "clients?limit=2&page=" + second.getString("next_page")));
        assertThat(names(last)).containsExactly("eve");
        assertThat(last.isNull("next_page")).isTrue();
        assertThat(names(done(admin(one, "GET", "clients?search=A")))).containsExactly("aaa", "ada", "dan");
    }

    private static List<String> names(jakarta.json.JsonObject page) {
        return page.getJsonArray("data").getValuesAs(item -> item.asJsonObject().getString("name"));
    }
}
