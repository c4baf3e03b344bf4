package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths and methods are served, which of them go upstream and as what, at the root and below a context path. */
@OnEachContainer
class RoutesContract extends GroundContract {
    private static final String PROMPT = "The operator's own words.";

    private List<Container> both;

    @BeforeAll
    final void prepare() throws Exception {
        var deployment = ground.usual().with("prompt.text", PROMPT);
        both = List.of(ground.container("gw", deployment), ground.container("", deployment));
    }

    @EachItem(
            """
            /nowhere, /v1, /v2/messages, /V1/messages, /v1/messages/, /v1/messages/other, /metrics/x, /administrators
            /anthropics/v1/messages, /api, /api/hello/x, /healthy, /index.html, /launch/Main.class""")
    void servesNothingElse(String path) throws Exception {
        for (var container : both) {
            for (var method : List.of("GET", "POST")) {
                Answers.refused(ask(container, method, path), 404);
                Answers.refused(send(container, request(container, method, path)), 401);
            }
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /** The containers answer for these folders themselves. */
    @ParameterizedTest
    @ValueSource(strings = {"/WEB-INF/web.xml", "/WEB-INF/lib", "/META-INF/MANIFEST.MF", "/web-inf/web.xml"})
    void showsNothingOfTheWar(String path) throws Exception {
        for (var container : both) {
            assertText(404, ask(container, "GET", path)).doesNotContain("<web-app", "Manifest-Version");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/messages, POST",
        "DELETE, /v1/messages, POST",
        "OPTIONS, /v1/messages, POST",
        "PUT, /v1/messages/count_tokens, POST",
        "POST, /v1/models, 'GET, HEAD'",
        "DELETE, /v1/models/x, 'GET, HEAD'",
        "POST, /api/hello, 'GET, HEAD'",
        "GET, /, HEAD",
        "POST, /, HEAD",
        "POST, /health, 'GET, HEAD'",
        "DELETE, /health/ready, 'GET, HEAD'",
        "PROPFIND, /v1/files, 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT'",
        "FOO, /anthropic/v1/messages, 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT'"
    })
    void refusesOtherMethods(String method, String path, String allowed) throws Exception {
        for (var container : both) {
            var answer = ask(container, method, path);
            Answers.refused(answer, 405);
            assertThat(answer.fields().values("allow")).containsExactly(allowed);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /** A front end may have removed the fields of the connection. */
    @ParameterizedTest
    @CsvSource({
        "/v1/responses, Upgrade",
        "/openai/v1/responses, Upgrade",
        "/v1/realtime?model=gpt-test, Upgrade",
        "/openai/v1/realtime, Upgrade",
        "/v1/responses, ''"
    })
    void refusesWebSocketsSoThatClientsSendRequests(String target, String connection) throws Exception {
        for (var container : both) {
            var request = request(container, "GET", target)
                    .field("Sec-WebSocket-Version", "13")
                    .field("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
            if (!connection.isEmpty()) {
                request.field("Connection", connection).field("Upgrade", "websocket");
            }
            Answers.refusedAsOpenAi(send(container, request), 401, "invalid_api_key");
            var answer = send(container, request.bearer(ACCESS_TOKEN));
            Answers.refusedAsOpenAi(answer, 426, "");
            assertThat(answer.fields().lists("connection", "upgrade")).isTrue();
            assertThat(answer.fields().values("upgrade")).containsExactly("HTTP/1.1");
            assertThat(answer.text()).contains("POST");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /** RFC 9110, section 9.3.2. The length may be left out. */
    @EachItem(
            """
            /health, /health/live, /health/ready, /api/hello, /anthropic/api/hello, /, /admin, /admin/, /admin/page.css
            /admin/limits, /admin/budgets, /admin/api/openapi.json, /v1/models, /v1/models/plain, /openai/v1/models
            /openai/v1/models/plain, /v1/models?anthropic, /v1/models/claude-x?anthropic""")
    void headHasTheFieldsOfGetAndNoBody(String target) throws Exception {
        var container = ground.container(
                "head",
                ground.usual()
                        .withSecret("admin.token", ADMIN_TOKEN)
                        .with("models.aliases", "plain=claude-x;other=claude-x"));
        String list = "{\"data\":[{\"type\":\"model\",\"id\":\"claude-x\"}],\"has_more\":false}";
        upstream.script((request, reply) -> {
            String body =
                    request.target().startsWith("/v1/models/") ? "{\"type\":\"model\",\"id\":\"claude-x\"}" : list;
            reply.field("etag", "\"1\"");
            if (request.method().equals("HEAD")) {
                reply.field("Content-Type", "application/json").length(body.length());
            } else {
                reply.json(200, body);
            }
        });
        boolean isAdmins = target.startsWith("/admin");
        var found = send(container, read(container, "GET", target, isAdmins));
        try (var client = RawClient.connect(container.baseUri())) {
            var head = client.send(read(container, "HEAD", target, isAdmins)).readResponse();
            assertThat(head.status()).isEqualTo(found.status()).isLessThan(400);
            assertThat(head.body()).isEmpty();
            assertThat(compared(head)).isEqualTo(compared(found));
            assertThat(head.fields().values("content-length"))
                    .isIn(List.of(), List.of(Integer.toString(found.body().length)));
            // No byte of a body is in the way of the next response.
            assertStatus(
                    200, client.send(request(container, "GET", "/health/live")).readResponse());
        }
    }

    /** It is made from the whole list, which is read without that body. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void readsAListWithAliasesWhateverBodyItsReaderSends(String method) throws Exception {
        var container = ground.container("aliases", ground.usual().with("models.aliases", "plain=claude-x"));
        upstream.script((request, reply) ->
                reply.json(200, "{\"data\":[{\"type\":\"model\",\"id\":\"claude-x\"}],\"has_more\":false}"));
        var answer = send(
                container,
                read(container, method, "/v1/models?anthropic", false).json("{}"));
        assertStatus(200, answer);
        assertThat(answer.text().contains("\"plain\"")).isEqualTo(method.equals("GET"));
        var sent = upstream.take();
        assertThat(sent.method() + " " + sent.target())
                .startsWith("GET /v1/models?")
                .contains("limit=1000");
        assertThat(sent.body()).isEmpty();
    }

    private static RawRequest read(Container container, String method, String target, boolean isAdmins) {
        var request = request(container, method, target.replace("?anthropic", ""))
                .bearer(isAdmins ? ADMIN_TOKEN : ACCESS_TOKEN)
                .field("Accept", "text/html, application/json");
        return target.endsWith("?anthropic") ? request.field("anthropic-version", "2023-06-01") : request;
    }

    /** The fields that do not belong to one response or one connection, without the length. */
    private static List<String> compared(RawResponse answer) {
        return answer.fields().lines().stream()
                .map(line -> line.name().toLowerCase(Locale.ROOT) + ": " + line.value())
                .filter(
                        line -> !line.matches(
                                "(date|content-length|transfer-encoding|connection|keep-alive|x-warder-request-id|x-request-id|request-id|set-cookie): .*"))
                .sorted()
                .toList();
    }

    /** Answered or sent up, TRACE would show a credential. Tomcat refuses it itself with 405, Jetty with 403. */
    @Test
    void refusesTrace() throws Exception {
        for (var container : both) {
            for (var path : List.of("/v1/files", "/anthropic/v1/messages", "/", "/health")) {
                var answer = ask(container, "TRACE", path);
                assertThat(answer.status()).isIn(403, 405);
                assertThat(answer.text()).doesNotContain(ACCESS_TOKEN);
            }
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openai/v1/chat/completions", "/v1/chat/completions", "/v1/v1/chat/completions"})
    void servesChatCompletionsByPostOnly(String path) throws Exception {
        for (var container : both) {
            var answer = ask(container, "GET", path);
            Answers.refusedAsOpenAi(answer, 405, "");
            assertThat(answer.fields().values("allow")).containsExactly("POST");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD /", "HEAD /api/hello", "GET /api/hello"})
    void answersProbesWithoutAToken(String endpoint) throws Exception {
        for (var container : both) {
            var answer = ok(container, Endpoint.of(endpoint).request(container));
            assertThat(answer.body()).isEmpty();
            assertThat(answer.fields().values("cache-control")).containsExactly("no-store");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @BeforeEach
    final void answerHeadWithoutABody() {
        ground.answerHeadWithoutABody();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/messages, /v1/messages",
        "POST, /v1/v1/messages, /v1/messages",
        "POST, /v1/v1/v1/messages/count_tokens, /v1/messages/count_tokens",
        "POST, /v1/messages/count_tokens, /v1/messages/count_tokens",
        "POST, /v1/messages/batches, /v1/messages/batches",
        "GET, /v1/messages/batches/b1/results, /v1/messages/batches/b1/results",
        "DELETE, /v1/messages/batches/b1, /v1/messages/batches/b1",
        "GET, /v1/models, /v1/models",
        "HEAD, /v1/models, /v1/models",
        "GET, /v1/v1/models/claude-x, /v1/models/claude-x",
        "GET, /v1/files/f1/content, /v1/files/f1/content",
        "DELETE, /v1/files/f1, /v1/files/f1",
        "GET, /v1/skills, /v1/skills",
        "POST, /v1/skills, /v1/skills",
        "PUT, /v1/unknown/x, /v1/unknown/x",
        "PATCH, /v1/unknown/x, /v1/unknown/x",
        "OPTIONS, /v1/unknown/x, /v1/unknown/x",
        "GET, /v1/chatter, /v1/chatter",
        "GET, /v1/a%20b-is-not-this, ''",
        "POST, /anthropic/v1/messages, /v1/messages",
        "POST, /anthropic/v1/messages/unheard, /v1/messages/unheard",
        "GET, /anthropic/v1/models, /v1/models",
        "DELETE, /anthropic/api/anything, /api/anything",
        "GET, /anthropic/v1/v1/models, /v1/v1/models",
        "GET, /anthropic/v1/chat/completions, /v1/chat/completions"
    })
    void relaysWhatTheApiServes(String method, String path, String upward) throws Exception {
        for (var container : both) {
            upstream.clear();
            var answer = ask(container, method, path + "?beta=true");
            if (upward.isEmpty()) {
                Answers.refused(answer, 400);
                continue;
            }
            assertStatus(200, answer);
            var sent = upstream.take();
            assertThat(sent.method()).isEqualTo(method);
            assertThat(sent.target()).isEqualTo(upward + "?beta=true");
            assertThat(sent.fields().values("x-api-key")).containsExactly(MANAGED_KEY);
        }
    }

    @Test
    void leavesTheRawRouteAlone() throws Exception {
        for (var body : List.of("{\"model\":\"claude-x\", \"system\" : \"x\"}", "not JSON {", "\u0000\ufeff", "")) {
            for (var container : both) {
                var bytes = body.getBytes(StandardCharsets.UTF_16);
                var request = versioned(container, "POST", "/anthropic/v1/messages")
                        .field("Content-Encoding", "zstd")
                        .field("x-api-key", OWN_KEY)
                        .body(bytes);
                var sent = sent(container, request);
                assertThat(sent.body()).isEqualTo(bytes);
                assertFields(sent.fields(), "content-encoding", "zstd", "x-api-key", OWN_KEY);
            }
        }
    }

    @Test
    void relaysAMultipartUpload() throws Exception {
        var boundary = "----warder";
        var part =
                "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\u00e4.pdf\"\r\n\r\n";
        var body = (part + "\u0000\u00ff".repeat(70_000) + "\r\n--" + boundary + "--\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        for (var container : both) {
            var request = versioned(container, "POST", "/v1/files")
                    .field("Content-Type", "multipart/form-data; boundary=" + boundary)
                    .body(body);
            var sent = sent(container, request);
            assertThat(sent.body()).isEqualTo(body);
            assertThat(sent.fields().values("content-type"))
                    .containsExactly("multipart/form-data; boundary=" + boundary);
            assertThat(sent.fields().values("content-length")).containsExactly(Integer.toString(body.length));
        }
    }

    private static RawResponse ask(Container container, String method, String path) throws IOException {
        var request = versioned(container, method, path);
        var withBody = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
        return send(container, withBody ? request.json("{\"model\":\"m\"}") : request);
    }

    private static RawRequest versioned(Container container, String method, String path) {
        return request(container, method, path)
                .field("X-Warder-Token", ACCESS_TOKEN)
                .field("anthropic-version", "2023-06-01");
    }
}
