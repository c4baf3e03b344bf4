package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths and methods are served, at the root and below a context path. */
@OnEachContainer
class RoutesContract extends GroundContract {
    private static final String PROMPT = "The operator's own words.";

    private List<Container> both;

    RoutesContract(Container.Starter starter) {
        super(starter);
    }

    @BeforeAll
    final void prepare() throws Exception {
        var deployment = ground.usual().with("prompt.text", PROMPT);
        both = List.of(ground.container("gw", deployment), ground.container("", deployment));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nowhere",
                "/v1",
                "/v2/messages",
                "/V1/messages",
                "/v1/messages/",
                "/v1/messages/other",
                "/metrics/x",
                "/administrators",
                "/anthropics/v1/messages",
                "/api",
                "/api/hello/x",
                "/healthy",
                "/index.html",
                "/launch/Main.class"
            })
    void servesNothingElse(String path) throws Exception {
        for (var container : both) {
            for (var method : List.of("GET", "POST")) {
                Answers.refused(ask(container, method, path), 404, "not_found_error");
                var stranger = Ground.send(container, Ground.request(container, method, path));
                Answers.refused(stranger, 401, "authentication_error");
            }
        }
        assertThat(ground.upstream().requests()).isEmpty();
    }

    /** The containers answer for these folders themselves. */
    @ParameterizedTest
    @ValueSource(strings = {"/WEB-INF/web.xml", "/WEB-INF/lib", "/META-INF/MANIFEST.MF", "/web-inf/web.xml"})
    void showsNothingOfTheWar(String path) throws Exception {
        for (var container : both) {
            var answer = ask(container, "GET", path);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.text()).doesNotContain("<web-app", "Manifest-Version");
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
            Answers.refused(answer, 405, "invalid_request_error");
            assertThat(answer.fields().values("allow")).containsExactly(allowed);
        }
        assertThat(ground.upstream().requests()).isEmpty();
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
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/openai", "/openai/models", "/openai/v1/chat", "/v1/chat/completions/c", "/v1/chat",
                "/v1/responses/r", "/v1/completions", "/v1/embeddings", "/v1/images/generations", "/v1/audio/speech",
                "/v1/moderations", "/v1/fine_tuning/jobs", "/v1/assistants", "/v1/threads/t", "/v1/vector_stores",
                "/v1/uploads/u/parts", "/v1/realtime", "/v1/v1/chat"
            })
    void speaksOpenAiWhereOpenAiIsSpoken(String path) throws Exception {
        for (var container : both) {
            for (var method : List.of("GET", "POST", "DELETE")) {
                Answers.refusedAsOpenAi(ask(container, method, path), 404, "not_found_error");
                var stranger = Ground.send(container, Ground.request(container, method, path));
                Answers.refusedAsOpenAi(stranger, 401, "invalid_api_key");
                assertThat(stranger.fields().values("www-authenticate")).containsExactly("Bearer realm=\"warder\"");
            }
        }
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openai/v1/chat/completions", "/v1/chat/completions", "/v1/v1/chat/completions"})
    void servesChatCompletionsByPostOnly(String path) throws Exception {
        for (var container : both) {
            var answer = ask(container, "GET", path);
            Answers.refusedAsOpenAi(answer, 405, "");
            assertThat(answer.fields().values("allow")).containsExactly("POST");
        }
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD /", "HEAD /api/hello", "GET /api/hello"})
    void answersProbesWithoutAToken(String endpoint) throws Exception {
        for (var container : both) {
            var answer = Ground.send(container, Endpoint.of(endpoint).request(container));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.fields().values("cache-control")).containsExactly("no-store");
        }
        assertThat(ground.upstream().requests()).isEmpty();
    }

    private static RawResponse ask(Container container, String method, String path) throws IOException {
        var request = request(container, method, path);
        var withBody = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
        return Ground.send(container, withBody ? request.json("{\"model\":\"m\"}") : request);
    }

    private static RawRequest request(Container container, String method, String path) {
        return Ground.request(container, method, path).field("X-Warder-Token", ACCESS_TOKEN);
    }
}
