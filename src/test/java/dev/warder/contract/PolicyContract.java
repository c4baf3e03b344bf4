package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.observe.Scrape;
import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which tokens and paths {@code policy.file} permits, in both dialects, and the names of its clients.
 *
 * <p>Which models {@code policy.file} permits, in both dialects, and which of them lists show.
 */
class PolicyContract extends PolicyGround {
    private static final String SESSION = "session-of-ada";
    private static final String FILE = "access.json";
    private static final String DATABASE = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private static final String PAGE = "{\"data\":[%s],\"has_more\":false,\"first_id\":\"%s\",\"last_id\":\"%s\"}";
    private static final String NO_MODEL = " may not use a model that this request names.";
    private Container container;

    @BeforeAll
    final void deploy() throws Exception {
        write(FILE, policy(1, CLIENTS));
        container = deployed(
                "policy",
                governed(FILE)
                        .with("metrics.open", "true")
                        .with("metrics.clients", "ada,laptop,build")
                        .withDatabase(DATABASE));
        awaitReady(container);
    }

    @Test
    void callsAClientByItsNameWhicheverTokenItPresents() throws Exception {
        double before = requestsOf("ada");
        for (var token : List.of("laptop", "desktop")) {
            for (var request : List.of(message(token, "claude-opus-5-5"), chatting(token, "gpt-test"))) {
                assertThat(line(ok(request.field("x-claude-code-session-id", SESSION))))
                        .contains(" client=ada ");
            }
        }
        eventually(() -> requestsOf("ada") == before + 4);
        assertThat(requestsOf("laptop")).isZero();
        eventually(() -> ledgerClients().size() == 4);
        assertThat(ledgerClients()).containsOnly("ada");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stranger", "shared"})
    void refusesATokenThatBelongsToNoClient(String name) throws Exception {
        boolean shared = name.equals("shared");
        String token = shared ? ACCESS_TOKEN : secret(name);
        for (var path : List.of(MESSAGES, "/v1/files", "/anthropic/v1/messages", "/v1/metrics")) {
            var answer = send(
                    request(container, "POST", path).field("x-api-key", token).json(body("claude-haiku-4-5")));
            assertThat(forbidden(answer)).contains(" named " + name + " ").doesNotContain(token);
            assertThat(line(answer)).contains(" client=- ", " status=403 ", " end=refused");
        }
        var chat =
                send(request(container, "POST", Completions.PATH).bearer(token).json(chat("gpt-small")));
        assertThat(forbiddenAsOpenAi(chat)).contains(" named " + name + " ").doesNotContain(token);
        var own = send(request(container, "POST", MESSAGES)
                .field("X-Warder-Token", token)
                .field("x-api-key", OWN_KEY)
                .json(body("claude-x")));
        assertThat(forbidden(own)).doesNotContain(token);
        assertThat(upstream.requests()).isEmpty();
    }

    /** The token of another client must not fake what {@code build} did. */
    @Test
    void givesATokenOfNoClientNoNameOfAClient() throws Exception {
        var node =
                deployed("unnamed", governed(FILE).with("metrics.open", "true").with("metrics.clients", "build"));
        log.clear();
        var answer = send(node, request(node, "build", "POST", MESSAGES).json(body("claude-x")));
        assertThat(forbidden(answer)).contains(" named build ");
        assertThat(line(answer)).contains(" client=- ", " status=403 ");
        var again = send(node, request(node, "build", "POST", MESSAGES).json(body("claude-x")));
        assertThat(line(again)).contains(" client=- ", " status=403 ");
        var scrape = Scrape.of(send(node, request(node, "GET", "/metrics")).text());
        assertThat(scrape.samples().entrySet())
                .filteredOn(sample -> sample.getKey().contains("client=\"build\""))
                .allMatch(sample -> sample.getValue() == 0);
        assertThat(texts("dev.warder.auth", Level.INFO))
                .filteredOn(text -> text.startsWith("policy.file: the access token named build belongs to no client,"))
                .singleElement()
                .asString()
                .contains(" request " + id(answer) + " gets 403;");
    }

    @Test
    void stillRefusesAWrongTokenAndWhatIsNotServedFirst() throws Exception {
        var wrong = request(container, "POST", MESSAGES).field("x-api-key", "wrong-token-of-sixteen");
        Answers.refused(send(wrong.json(body("m"))), 401);
        Answers.refused(send(request(container, "stranger", "GET", "/nothing")), 404);
        Answers.refused(send(request(container, "writer", "GET", MESSAGES)), 405);
        assertStatus(200, send(request(container, "GET", "/api/hello")));
    }

    /** Names and reasons in health are for clients, and a removed client is none. */
    @Test
    void showsHealthInDetailToClientsOnly() throws Exception {
        assertThat(send(request(container, "laptop", "GET", "/health/ready")).text())
                .contains("credential-primary");
        assertThat(send(request(container, "stranger", "GET", "/health/ready")).text())
                .contains("\"name\":\"policy\",\"status\":\"UP\"")
                .doesNotContain("credential-primary");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/files",
        "GET, /v1/models",
        "GET, /v1/models/claude-haiku-4-5",
        "POST, /v1/messages/count_tokens",
        "POST, /v1/messages/batches",
        "POST, /anthropic/v1/messages",
        "POST, /anthropic/v1/messages/count_tokens",
        "POST, /anthropic/anthropic/v1/messages",
        "POST, /anthropic/v1/files",
        "POST, /v1/metrics"
    })
    void refusesAPathThatTheClientMayNotUse(String method, String path) throws Exception {
        var answer = send(request(container, "writer", method, path));
        assertThat(forbidden(answer)).isEqualTo("The client writer may not use this path.");
        assertThat(line(answer)).contains(" client=writer ", " status=403 ", " end=refused");
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"POST, /openai/v1/chat/completions", "GET, /openai/v1/models", "GET, /openai/v1/models/gpt-small"})
    void refusesAPathOfOpenAisDialect(String method, String path) throws Exception {
        assertThat(forbiddenAsOpenAi(send(openAi(container, "writer", method, path))))
                .isEqualTo("The client writer may not use this path.");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void refusesAPathBeforeItReadsTheBody() throws Exception {
        for (var path : List.of("/v1/files", "/openai/v1/chat/completions", "/v1/messages/count_tokens")) {
            try (var client = connect(container)) {
                client.send(request(container, "writer", "POST", path)
                        .field("Content-Length", "100000")
                        .head());
                assertStatus(403, client.readResponse());
            }
        }
    }

    @Test
    void permitsThePathsThatAreListed() throws Exception {
        ok(message("writer", "claude-opus-5-5"));
        ok(chatting("writer", "gpt-test"));
        assertThat(upstream.requests()).hasSize(2);
    }

    private RawRequest message(String token, String model) {
        return request(container, token, "POST", MESSAGES).json(body(model));
    }

    private RawRequest chatting(String token, String model) {
        return openAi(container, token, "POST", Completions.PATH).json(chat(model));
    }

    private RawResponse ok(RawRequest request) throws IOException {
        return ok(container, request);
    }

    private RawResponse send(RawRequest request) throws Exception {
        return send(container, request);
    }

    private double requestsOf(String client) throws Exception {
        var scrape = Scrape.of(send(request(container, "GET", "/metrics")).text());
        return scrape.samples().getOrDefault("warder_client_requests_total{client=\"" + client + "\",end=\"ok\"}", 0.0);
    }

    private static List<String> ledgerClients() throws SQLException {
        // Tomcat removes every driver from the DriverManager when an application stops.
        var database = new JdbcDataSource();
        database.setURL(DATABASE);
        var clients = new ArrayList<String>();
        try (var connection = database.getConnection();
                var query = connection.prepareStatement("SELECT client FROM warder_ledger WHERE session_id = ?")) {
            query.setString(1, SESSION);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    clients.add(rows.getString(1));
                }
            }
        }
        return clients;
    }

    @ParameterizedTest
    @CsvSource({
        "build, claude-haiku-4-5, true",
        "build, claude-haiku-4-5[1m], true",
        "build, fast, true",
        "build, fast[1m], true",
        "build, claude-opus-5-5, false",
        "build, claude-opus-5-5[1m], false",
        "build, claude-sonnet-5-5, false",
        "build, Claude-haiku-4-5, false",
        "build, strong, false",
        "build, claude-haiku-mine, false",
        "build, strong[1m], false",
        "narrow, claude-sonnet-5-5, true",
        "narrow, claude-haiku-4-5, false",
        "narrow, fast, false"
    })
    void permitsTheModelsOfTheClientItsTeamAndItsToken(String client, String model, boolean permitted)
            throws Exception {
        String token = client.equals("build") ? "ci" : client;
        for (var path : List.of(MESSAGES, "/v1/messages/count_tokens")) {
            var answer = send(request(container, token, "POST", path).json(body(model)));
            if (permitted) {
                assertStatus(200, answer);
            } else {
                assertThat(forbidden(answer)).isEqualTo("The client " + client + NO_MODEL);
                assertThat(line(answer)).contains(" client=" + client + " ", " status=403 ");
            }
        }
        assertThat(upstream.requests()).hasSize(permitted ? 2 : 0);
    }

    @Test
    void refusesAModelThatABodyNamesElsewhere() throws Exception {
        var members = List.of(
                "\"fallbacks\":[{\"model\":\"claude-opus-5-5\"}]",
                "\"tools\":[{\"name\":\"a\",\"model\":\"claude-x\"}]");
        for (var member : members) {
            var json = body("claude-haiku-4-5").replace("}", "," + member + "}");
            forbidden(send(request(container, "ci", "POST", MESSAGES).json(json)));
            ok(request(container, "laptop", "POST", MESSAGES).json(json));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ci, gpt-small, true",
        "ci, fast, true",
        "ci, gpt-test, false",
        "ci, strong, false",
        "ci, claude-haiku-mine, false",
        "ci, claude-opus-5-5, false",
        "narrow, gpt-test, true",
        "narrow, gpt-small, false"
    })
    void permitsTheModelsThatChatCompletionsAskFor(String token, String model, boolean permitted) throws Exception {
        var answer = send(openAi(container, token, "POST", Completions.PATH).json(chat(model)));
        if (permitted) {
            assertStatus(200, answer);
        } else {
            assertThat(forbiddenAsOpenAi(answer))
                    .isEqualTo("The client " + (token.equals("ci") ? "build" : token) + NO_MODEL);
        }
        assertThat(upstream.requests()).hasSize(permitted ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages/batches", "/anthropic/v1/messages", "/anthropic/v1/models"})
    void refusesAClientThatIsLimitedToModelsWhereNoneCanBeChecked(String path) throws Exception {
        var answer = send(request(container, "ci", "POST", path).json(body("claude-haiku-4-5")));
        assertThat(forbidden(answer)).startsWith("The client build is limited to some models ");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void listsOnlyTheModelsThatTheClientMayUse() throws Exception {
        var limited = get("ci", "/v1/models?limit=3");
        assertThat(Answers.ids(limited)).containsExactly("claude-haiku-4-5", "fast");
        assertThat(limited.text()).doesNotContain("opus", "sonnet", "strong");
        assertThat(upstream.take().target()).isEqualTo("/v1/models?limit=1000");
        assertThat(Answers.ids(get("narrow", "/v1/models"))).containsExactly("claude-sonnet-5-5");
        assertThat(Answers.ids(get("laptop", "/v1/models")))
                .hasToString(
                        "[claude-opus-5-5, claude-haiku-4-5, claude-sonnet-5-5, fast, strong, " + "claude-haiku-mine]");
    }

    @Test
    void asksForAListThatItCanReadWhateverTheClientAccepts() throws Exception {
        list();
        var coded = request(container, "ci", "GET", "/v1/models")
                .field("anthropic-version", "2023-06-01")
                .field("Accept-Encoding", "gzip, br")
                .field("If-None-Match", "\"1\"");
        assertThat(Answers.ids(ok(coded))).containsExactly("claude-haiku-4-5", "fast");
        var sent = upstream.take().fields();
        assertThat(sent.values("accept-encoding")).containsExactly("identity");
        assertThat(sent.values("if-none-match")).isEmpty();
    }

    /** The clients of the API end their paging at an empty page, though the next one has models. */
    @Test
    void listsTheModelsOfALaterPageToo() throws Exception {
        upstream.on("/v1/models", (request, reply) -> {
            boolean whole = request.target().contains("limit=1000");
            var first = "{\"id\":\"claude-opus-5-5\"}";
            var second = "{\"id\":\"claude-haiku-4-5\"}";
            var page = PAGE.formatted(whole ? first + "," + second : first, "claude-opus-5-5", "claude-opus-5-5");
            reply.json(200, whole ? page : page.replace("\"has_more\":false", "\"has_more\":true"));
        });
        for (var target : List.of("/v1/models", "/v1/models?limit=1&before_id=fast")) {
            var answer = ok(request(container, "ci", "GET", target).field("anthropic-version", "2023-06-01"));
            assertThat(Answers.ids(answer)).contains("claude-haiku-4-5");
            assertThat(Answers.json(answer).getBoolean("has_more")).isFalse();
        }
        var all = ok(request(container, "laptop", "GET", "/v1/models").field("anthropic-version", "2023-06-01"));
        assertThat(Answers.ids(all)).contains("claude-opus-5-5", "claude-haiku-4-5");
    }

    @Test
    void listsOnlyThoseInOpenAisShape() throws Exception {
        assertThat(Answers.ids(getAsOpenAi("ci", "/openai/v1/models")))
                .containsExactly("claude-haiku-4-5", "gpt-small", "fast");
        assertThat(Answers.ids(getAsOpenAi("narrow", "/v1/models"))).containsExactly("claude-sonnet-5-5", "gpt-test");
        assertThat(Answers.ids(getAsOpenAi("laptop", "/v1/models"))).hasSize(8);
    }

    @Test
    void showsNoModelThatTheClientMayNotUse() throws Exception {
        ok(request(container, "ci", "GET", "/v1/models/claude-haiku-4-5").field("anthropic-version", "2023-06-01"));
        assertThat(forbidden(send(request(container, "ci", "GET", "/v1/models/claude-opus-5-5"))))
                .isEqualTo("The client build" + NO_MODEL);
        assertThat(forbiddenAsOpenAi(send(openAi(container, "ci", "GET", "/openai/v1/models/gpt-test"))))
                .isEqualTo("The client build" + NO_MODEL);
        forbiddenAsOpenAi(send(openAi(container, "ci", "GET", "/v1/models/strong")));
        ok(request(container, "laptop", "GET", "/v1/models/claude-opus-5-5"));
        assertThat(upstream.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-haiku%3A4, true",
        "claude-haiku-4+x, true",
        "fast, true",
        "claude-haiku-mine, false",
        "strong, false",
        "claude-opus-5/claude-haiku-4, false"
    })
    void decidesAboutOneModelAsTheListAndMessagesDo(String id, boolean permitted) throws Exception {
        var request = request(container, "ci", "GET", "/v1/models/" + id).field("anthropic-version", "2023-06-01");
        if (permitted) {
            ok(request);
            assertThat(upstream.take().target()).isEqualTo("/v1/models/" + id);
        } else {
            assertThat(forbidden(send(request))).isEqualTo("The client build" + NO_MODEL);
            assertThat(upstream.requests()).isEmpty();
        }
        ok(request(container, "laptop", "GET", "/v1/models/claude-opus-5").field("anthropic-version", "2023-06-01"));
    }

    private RawResponse get(String token, String target) throws Exception {
        list();
        return ok(request(container, token, "GET", target).field("anthropic-version", "2023-06-01"));
    }

    private RawResponse getAsOpenAi(String token, String target) throws Exception {
        list();
        return ok(openAi(container, token, "GET", target));
    }

    private void list() {
        var models = List.of("claude-opus-5-5", "claude-haiku-4-5", "claude-sonnet-5-5").stream()
                .map(id -> "{\"type\":\"model\",\"id\":\"" + id + "\"}")
                .toList();
        var page = PAGE.formatted(String.join(",", models), "claude-opus-5-5", "claude-sonnet-5-5");
        upstream.next(json(200, page));
    }
}
