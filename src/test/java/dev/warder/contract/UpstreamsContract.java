package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An upstream of another kind beside the API in one pool, or alone: the cloud of {@link UpstreamListener}. The credential of the API is
 * {@code api}, and that of the cloud {@code cloud}.
 */
@OnEachContainer
class UpstreamsContract extends PolicyGround {
    private static final String QUESTION =
            "{\"model\":\"" + MODEL + "\",\"metadata\":{\"user_id\":\"me\",\"x\":1},\"max_tokens\":9,\"messages\":[]}";
    private static final String STREAMING = QUESTION.replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"");

    /** The question as the cloud gets it: without its model and its user, and with the operator's prompt. */
    private static final String AT_THE_CLOUD = "{\"metadata\":{\"x\":1},\"max_tokens\":9,\"messages\":[],"
            + "\"system\":[{\"type\":\"text\",\"text\":\"Be brief.\"}],\"cloud\":1}";

    private static final List<String> EVENTS = Messages.stream("Hello", "you").stream()
            .map(events -> events.replace("claude-test", MODEL))
            .toList();
    private static final Script LIMITED = (request, reply) ->
            reply.field("retry-after", "40").json(429, Messages.error("rate_limit_error", "enough"));

    private ScriptedUpstream cloud;
    private String database = "";

    @BeforeAll
    final void startCloud() throws IOException {
        cloud = ScriptedUpstream.plain();
        addToken("desktop", "rights=managed,web");
        log.plant(UpstreamListener.key("none"), UpstreamListener.key("blue"));
    }

    @AfterAll
    final void stopCloud() throws IOException {
        cloud.close();
    }

    @BeforeEach
    final void serve() {
        cloud.clear();
        cloud.script((request, reply) -> {
            reply.field(UpstreamListener.ID_FIELD, "req_of_the_cloud");
            if (request.text().contains("\"stream\":true")) {
                reply.field("Content-Type", UpstreamListener.FRAMES).chunked();
                reply.dribbleChunks(UpstreamListener.frames(EVENTS.stream()
                        .flatMap(events -> Stream.of(events.split("\n\n")))
                        .map(event -> event.substring(event.indexOf("data: ") + 6))
                        .toList()));
                reply.lastChunk();
            } else {
                reply.json(200, message(7, 3));
            }
        });
        upstream.script(json(200, message(500, 9)));
    }

    @Test
    void writesARequestForTheUpstreamThatServesIt() throws Exception {
        var container = alone("written");
        var answer = ok(container, question(container, "ci").field("Content-Digest", "sha-256=:eA==:"));
        assertThat(answer.text()).isEqualTo(message(7, 3));
        var sent = cloud.take();
        assertThat(sent.target()).isEqualTo("/model/" + MODEL + "/invoke");
        assertThat(sent.text()).isEqualTo(AT_THE_CLOUD);
        assertFields(sent.fields(), UpstreamListener.KEY_FIELD, UpstreamListener.key("blue"));
        assertNoFields(sent.fields(), "x-api-key", "authorization", "content-digest");
        ok(container, question(container, "laptop"));
        assertFields(cloud.take().fields(), UpstreamListener.KEY_FIELD, UpstreamListener.key("none"));
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void chargesForAStreamThatWasDecoded() throws Exception {
        var container = alone("decoded");
        var answer =
                ok(container, request(container, "laptop", "POST", MESSAGES).json(STREAMING));
        assertThat(answer.text()).isEqualTo(String.join("", EVENTS));
        assertThat(line(answer)).contains("credential=cloud/api-key ", "upstream=req_of_the_cloud ");
        // Three tokens of input, and five of output.
        eventually(() -> count("SELECT COUNT(*) FROM warder_ledger WHERE credential = 'cloud' AND input_tokens = 3"
                        + " AND output_tokens = 5 AND upstream_request_id = 'req_of_the_cloud'")
                == 1);
        eventually(() -> count("SELECT SUM(spent) FROM warder_budget_period") == 28_000);
    }

    @Test
    void refusesARequestThatNoUpstreamServesAndBlamesNone() throws Exception {
        var container = alone("refusing");
        for (var lack : items(
                """
                /v1/messages/count_tokens, model claude-opus-5-5, betas, tool web_search_20250305, client writer, such body
                /v1/models""")) {
            assertThat(Answers.refused(send(container, unserved(container, lack)), 400))
                    .isEqualTo("The cloud has no " + lack + ".");
        }
        assertThat(cloud.requests()).isEmpty();
        assertThat(usable(container, "cloud")).isEqualTo(1);
        ok(container, question(container, "laptop"));
    }

    private RawRequest unserved(Container container, String lack) throws IOException {
        var question = QUESTION;
        var target = MESSAGES;
        var token = lack.contains("writer") ? "writer" : "desktop";
        if (lack.contains("count_tokens")) {
            target += "/count_tokens";
        } else if (lack.contains("opus")) {
            question = question.replace(MODEL, "claude-opus-5-5");
        } else if (lack.contains("tool")) {
            question = question.replace("\"messages\"", "\"tools\":[{\"type\":\"web_search_20250305\"}],\"messages\"");
        } else if (lack.contains("such body")) {
            question = question.replace(
                    "\"messages\"", "\"tools\":[" + "{\"type\":\"custom\"},".repeat(10_000) + "{}],\"messages\"");
        } else if (lack.contains("/v1/models")) {
            return request(container, token, "GET", "/v1/models");
        }
        var request = request(container, token, "POST", target).json(question);
        return lack.contains("betas") ? request.field("anthropic-beta", "files-api-2025-04-14") : request;
    }

    @Test
    void refusesItInTheDialectOfTheCaller() throws Exception {
        var container = alone("dialects");
        var chat = openAi(container, "laptop", "POST", Completions.PATH);
        assertThat(Completions.refused(send(container, chat.json(chat("strong"))), 400, "invalid_request_error", ""))
                .isEqualTo("The cloud has no model claude-opus-5-5.");
        assertStatus(
                200,
                send(
                        container,
                        openAi(container, "laptop", "POST", Completions.PATH).json(chat("gpt-small"))));
        assertThat(cloud.take().target()).isEqualTo("/model/" + MODEL + "/invoke");
    }

    @Test
    void takesOverFromTheApiAndGivesBackWhatTheCloudLacks() throws Exception {
        var container = both("ordered");
        upstream.next(LIMITED);
        assertThat(ok(container, question(container, "laptop")).text()).isEqualTo(message(7, 3));
        assertThat(upstream.take().fields().values("x-api-key")).containsExactly(MANAGED_KEY);
        assertThat(cloud.take().text()).isEqualTo(AT_THE_CLOUD);
        // The model is held at the API only, where others are served.
        assertThat(ok(container, question(container, "laptop")).text()).isEqualTo(message(7, 3));
        ok(container, request(container, "laptop", "POST", MESSAGES).json(body("claude-opus-5-5")));
        assertThat(upstream.take().target()).isEqualTo(MESSAGES);
        var counted =
                request(container, "laptop", "POST", MESSAGES + "/count_tokens").json(QUESTION);
        assertThat(Answers.refused(send(container, counted), 429)).contains("rate limited");
        assertThat(cloud.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429, 500, 529})
    void handsOverToTheApiAndBlamesTheCredentialOfTheCloudOnly(int status) throws Exception {
        var container = weighted("status" + status);
        var session = session(container, cloud);
        for (int i = 0; i < 5; i++) {
            cloud.next((request, reply) -> {
                reply.field("retry-after", "40").json(status, "{\"message\":\"not now\"}");
            });
        }
        for (int i = 0; i < 5; i++) {
            assertThat(ok(container, session).text()).isEqualTo(message(500, 9));
            assertThat(upstream.take().text()).startsWith(QUESTION.substring(0, QUESTION.length() - 1));
        }
        assertThat(cloud.requests()).hasSize(status < 500 ? 1 : 5);
        assertThat(usable(container, "api")).isEqualTo(1);
        boolean held = status == 429;
        assertThat(held ? metric(container, "warder_credential_held_models", "cloud") : usable(container, "cloud"))
                .isEqualTo(held ? 1 : 0);
    }

    @Test
    void blamesNoCredentialBecauseAnotherKindOfUpstreamRefuses() throws Exception {
        var container = both("kinds");
        for (int i = 0; i < 5; i++) {
            upstream.next(json(500, "{}"));
            cloud.next((request, reply) -> reply.json(400, "{\"message\":\"not here\"}"));
            assertThat(send(container, question(container, "laptop")).status()).isEqualTo(400);
        }
        assertThat(usable(container, "api")).isEqualTo(1);
        assertThat(usable(container, "cloud")).isEqualTo(1);
    }

    @Test
    void passesTheCloudsErrorOnInTheApisForm() throws Exception {
        var container = alone("errors");
        cloud.next((request, reply) -> reply.json(400, "{\"message\":\"wrong\"}"));
        assertText(400, send(container, question(container, "laptop")))
                .isEqualTo("{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"wrong\"}}");
    }

    @Test
    void keepsEachSessionWithItsUpstream() throws Exception {
        var container = weighted("sticky");
        for (var server : List.of(upstream, cloud)) {
            var session = session(container, server);
            int before = server.requests().size();
            for (int i = 0; i < 5; i++) {
                ok(container, session);
            }
            assertThat(server.requests()).hasSize(before + 5);
        }
    }

    /** A request of a session whose first choice is this upstream. */
    private RawRequest session(Container container, ScriptedUpstream server) throws Exception {
        Function<Integer, RawRequest> session =
                number -> question(container, "laptop").field("x-claude-code-session-id", "s" + number);
        for (int number : IntStream.range(0, 64).toArray()) {
            int before = server.requests().size();
            ok(container, session.apply(number));
            if (server.requests().size() > before) {
                upstream.clear();
                cloud.clear();
                return session.apply(number);
            }
        }
        throw new AssertionError("all sessions have one upstream");
    }

    @Test
    void sendsACallersOwnCredentialToTheApi() throws Exception {
        var container = alone("own");
        var own = request(container, "POST", MESSAGES)
                .field("X-Warder-Token", secret("laptop"))
                .field("x-api-key", OWN_KEY)
                .json(QUESTION);
        ok(container, own);
        assertThat(upstream.take().fields().values("x-api-key")).containsExactly(OWN_KEY);
        assertThat(cloud.requests()).isEmpty();
    }

    @Test
    void isReadyAndShowsEachUpstream() throws Exception {
        for (boolean passthrough : List.of(true, false)) {
            log.clear();
            String name = "shown" + passthrough;
            var container = deployed(name, cloudOnly(name).with("passthrough", Boolean.toString(passthrough)));
            var origins = (passthrough ? upstream.uri() + ", " : "") + cloud.uri();
            assertThat(texts("dev.warder", Level.INFO)).contains("Warder is ready for " + origins);
            awaitReady(container);
            assertThat(send(container, request(container, "laptop", "GET", "/health/ready"))
                            .text())
                    .contains("\"credential-cloud\",\"status\":\"UP\"");
            assertThat(ok(container, administrator(container, "GET", "/admin/").field("Accept", "text/html"))
                            .text())
                    .contains(origins);
            assertThat(ok(container, administrator(container, "GET", "/admin/credentials"))
                            .text())
                    .contains("cloud");
        }
    }

    private Container alone(String name) throws Exception {
        return ready(name, cloudOnly(name));
    }

    private Container both(String name) throws Exception {
        return ready(name, withApi(name));
    }

    private Container weighted(String name) throws Exception {
        return ready(name, withApi(name).with("upstream.pool", "weighted"));
    }

    private Container ready(String name, Deployment deployment) throws Exception {
        var container = deployed(name, deployment);
        awaitReady(container);
        return container;
    }

    private Deployment withApi(String name) throws Exception {
        return cloudOnly(name)
                .with("upstream.credentials", "api=jndi:warder/secret.api")
                .withJndi("warder/secret.api", MANAGED_KEY);
    }

    private Deployment cloudOnly(String name) throws Exception {
        write(
                name,
                policy(
                        1,
                        CLIENTS.replace(
                                "\"token_names\": [\"laptop\", \"desktop\"]",
                                "\"token_names\": [\"laptop\", \"desktop\"],"
                                        + " \"budgets\": [{\"amount\": \"5000\", \"period\": \"day\"}]")));
        database = database();
        return governed(ground.guarded(), name)
                .ofWar(ChangedWar.withListener(UpstreamListener.class))
                .withJndi(UpstreamListener.ADDRESS, cloud.uri().toString())
                .with("budget.default", "unlimited")
                .with("metrics.open", "true")
                .with("prompt.text", "Be brief.")
                .withSecret("admin.token", ADMIN_TOKEN)
                .withDatabase(database);
    }

    private RawRequest question(Container container, String token) {
        return request(container, token, "POST", MESSAGES).json(QUESTION);
    }

    private static double usable(Container container, String credential) throws IOException {
        return metric(container, "warder_credential_usable", credential);
    }

    private static double metric(Container container, String name, String credential) throws IOException {
        String start = name + "{credential=\"" + credential + "\"} ";
        return send(container, request(container, "GET", "/metrics"))
                .text()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .findFirst()
                .orElseThrow();
    }

    private long count(String query) throws Exception {
        try (var connection = BoundDatabase.of(database).getConnection();
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
