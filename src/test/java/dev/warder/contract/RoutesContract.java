package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
