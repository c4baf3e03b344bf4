package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.observe.Scrape;
import dev.warder.testkit.Container;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.RawClient;
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

/** Which tokens and paths {@code policy.file} permits, in both dialects, and the names of its clients. */
class PolicyContract extends PolicyGround {
    private static final String SESSION = "session-of-ada";
    private static final String FILE = "access.json";
    private static final String DATABASE = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

    private Container container;

    @BeforeAll
    final void deploy() throws Exception {
        write(FILE, policy(1, CLIENTS));
        container = ground.container(
                "policy",
                governed(FILE)
                        .with("metrics.open", "true")
                        .with("metrics.clients", "ada,laptop,build")
                        .withDatabase(DATABASE));
        assertThat(container.deployed()).isTrue();
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
        Eventually.holds(PATIENCE, () -> requestsOf("ada") == before + 4);
        assertThat(requestsOf("laptop")).isZero();
        Eventually.holds(PATIENCE, () -> ledgerClients().size() == 4);
        assertThat(ledgerClients()).containsOnly("ada");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stranger", "shared"})
    void refusesATokenThatBelongsToNoClient(String name) throws Exception {
        boolean shared = name.equals("shared");
        String token = shared ? Contract.ACCESS_TOKEN : secret(name);
        for (var path : List.of(MESSAGES, "/v1/files", "/anthropic/v1/messages", "/v1/metrics")) {
            var answer = send(Ground.request(container, "POST", path)
                    .field("x-api-key", token)
                    .json(body("claude-haiku-4-5")));
            assertThat(forbidden(answer)).contains(" named " + name + " ").doesNotContain(token);
            assertThat(line(answer)).contains(" client=- ", " status=403 ", " end=refused");
        }
        var chat = send(Ground.request(container, "POST", Completions.PATH)
                .field("Authorization", "Bearer " + token)
                .json(chat("gpt-small")));
        assertThat(forbiddenAsOpenAi(chat)).contains(" named " + name + " ").doesNotContain(token);
        var own = send(Ground.request(container, "POST", MESSAGES)
                .field("X-Warder-Token", token)
                .field("x-api-key", Contract.OWN_KEY)
                .json(body("claude-x")));
        assertThat(forbidden(own)).doesNotContain(token);
        assertThat(ground.upstream().requests()).isEmpty();
    }

    /** The token of another client must not fake what {@code build} did. */
    @Test
    void givesATokenOfNoClientNoNameOfAClient() throws Exception {
        ground.log().clear();
        var answer = send(request(container, "build", "POST", MESSAGES).json(body("claude-x")));
        assertThat(forbidden(answer)).contains(" named build ");
        assertThat(line(answer)).contains(" client=- ", " status=403 ");
        var again = send(request(container, "build", "POST", MESSAGES).json(body("claude-x")));
        assertThat(line(again)).contains(" client=- ", " status=403 ");
        var scrape =
                Scrape.of(send(Ground.request(container, "GET", "/metrics")).text());
        assertThat(scrape.samples().entrySet())
                .filteredOn(sample -> sample.getKey().contains("client=\"build\""))
                .allMatch(sample -> sample.getValue() == 0);
        assertThat(ground.log().lines("dev.warder.auth", Level.INFO))
                .extracting(LogLine::text)
                .filteredOn(text -> text.startsWith("policy.file: the access token named build belongs to no client,"))
                .singleElement()
                .asString()
                .contains(" request " + Completions.id(answer) + " gets 403;");
    }

    @Test
    void stillRefusesAWrongTokenAndWhatIsNotServedFirst() throws Exception {
        var wrong = Ground.request(container, "POST", MESSAGES).field("x-api-key", "wrong-token-of-sixteen");
        Answers.refused(send(wrong.json(body("m"))), 401, "authentication_error");
        Answers.refused(send(request(container, "stranger", "GET", "/nothing")), 404, "not_found_error");
        Answers.refused(send(request(container, "writer", "GET", MESSAGES)), 405, "invalid_request_error");
        assertThat(send(Ground.request(container, "GET", "/api/hello")).status())
                .isEqualTo(200);
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
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"POST, /openai/v1/chat/completions", "GET, /openai/v1/models", "GET, /openai/v1/models/gpt-small"})
    void refusesAPathOfOpenAisDialect(String method, String path) throws Exception {
        assertThat(forbiddenAsOpenAi(send(openAi(container, "writer", method, path))))
                .isEqualTo("The client writer may not use this path.");
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @Test
    void refusesAPathBeforeItReadsTheBody() throws Exception {
        for (var path : List.of("/v1/files", "/openai/v1/chat/completions", "/v1/messages/count_tokens")) {
            try (var client = RawClient.connect(container.baseUri())) {
                client.send(request(container, "writer", "POST", path)
                        .field("Content-Length", "100000")
                        .head());
                assertThat(client.readResponse().status()).isEqualTo(403);
            }
        }
    }

    @Test
    void permitsThePathsThatAreListed() throws Exception {
        ok(message("writer", "claude-opus-5-5"));
        ok(chatting("writer", "gpt-test"));
        assertThat(ground.upstream().requests()).hasSize(2);
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
        return Ground.send(container, request);
    }

    private double requestsOf(String client) throws Exception {
        var scrape =
                Scrape.of(send(Ground.request(container, "GET", "/metrics")).text());
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
}
