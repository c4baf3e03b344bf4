package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Field;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That an answer reaches the client with the status and the bytes that the upstream gave it. */
@OnEachContainer
class AnswerContract extends GroundContract {
    private Container container;

    AnswerContract(Container.Starter starter) {
        super(starter);
    }

    @BeforeAll
    final void prepare() throws Exception {
        container = ground.container();
    }

    static Stream<Endpoint> ways() {
        return Endpoint.WAYS.stream();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/event-stream"})
    void relaysACodedAnswerUntouched(String type) throws Exception {
        var coded = gzip(String.join("", Messages.stream("a", "b")));
        for (var endpoint : Endpoint.WAYS) {
            var answer = ask(endpoint, (request, reply) -> {
                reply.field("Content-Type", type)
                        .field("Content-Encoding", "gzip")
                        .length(coded.length);
                reply.content(coded);
            });
            assertThat(answer.body()).isEqualTo(coded);
            assertThat(answer.fields().values("content-encoding")).containsExactly("gzip");
            assertThat(answer.fields().values("content-length")).containsExactly(Integer.toString(coded.length));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void relaysNeitherInterimAnswersNorTrailersNorTheReason(Endpoint endpoint) throws Exception {
        ground.upstream().next((request, reply) -> {
            reply.informational(103, new Field("Link", "</x>"));
            reply.informational(102);
            reply.field("Content-Type", "application/json").chunked();
            reply.chunk("{}");
            reply.lastChunk(new Field("X-Checksum", "1"));
        });
        try (var client = RawClient.connect(container.baseUri())) {
            var head = client.send(request(endpoint)).readInterimOrHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.raw()).doesNotContain("Scripted", "Interim", "</x>");
            var answer = client.readBody(head);
            assertThat(answer.text()).isEqualTo("{}");
            assertThat(answer.trailers().lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsNoRedirectAndPassesNone(int status) throws Exception {
        for (var endpoint : Endpoint.WAYS) {
            ground.upstream().clear();
            var answer = ask(endpoint, (request, reply) -> reply.field("Location", "https://evil.example/v1/messages")
                    .json(status, "{}"));
            Answers.refused(answer, 502, "api_error");
            assertThat(answer.toString()).doesNotContainIgnoringCase("location", "evil.example");
            assertThat(ground.upstream().requests()).hasSize(1);
        }
    }

    @Test
    void refusesAHeadThatNoContainerWouldTake() throws Exception {
        var answer = ask(Endpoint.WAYS.get(0), (request, reply) -> {
            for (int i = 0; i < 70; i++) {
                reply.field("x-padding-" + i, "x".repeat(1000));
            }
            reply.json(200, "{}");
        });
        Answers.refused(answer, 502, "api_error");
    }

    @Test
    void passesAnAnswerWithoutContent() throws Exception {
        var unchanged = ask(
                Endpoint.of("GET /v1/skills"),
                (request, reply) -> reply.status(304).field("ETag", "\"abc\"").head());
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.fields().values("etag")).containsExactly("\"abc\"");
        var gone = ask(Endpoint.of("DELETE /v1/files/x"), (request, reply) -> reply.status(204)
                .head());
        assertThat(gone.status()).isEqualTo(204);
        assertThat(gone.body()).isEmpty();
        var empty = ask(Endpoint.of("GET /v1/files/x"), (request, reply) -> reply.length(0));
        assertThat(empty.fields().values("content-length")).containsExactly("0");
    }

    @ParameterizedTest
    @CsvSource({
        "400, application/json, invalid_request_error",
        "402, application/json, billing_error",
        "403, application/json, permission_error",
        "404, application/json, not_found_error",
        "413, application/json, request_too_large",
        "418, text/plain, teapot",
        "429, application/json, rate_limit_error",
        "500, application/json, api_error",
        "502, text/html, bad gateway",
        "503, text/html, down",
        "529, application/json, overloaded_error",
        "599, application/json, unknown"
    })
    void passesAnErrorByteForByte(int status, String type, String word) throws Exception {
        var body = type.endsWith("json")
                ? " " + Messages.error(word, "na\u00efve \ud83d\ude00")
                : "<html>\r\n" + word + "\u00e9</html>";
        for (var endpoint : Endpoint.WAYS) {
            var answer = ask(endpoint, (request, reply) -> error(reply, status, type, body));
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
            assertThat(answer.fields().values("retry-after")).containsExactly("17");
            assertThat(answer.fields().values("request-id")).containsExactly("req_up");
            assertThat(answer.fields().values("content-type")).containsExactly(type);
            assertThat(answer.fields().values("x-should-retry")).isEmpty();
        }
    }

    @Test
    void answersHeadAsTheUpstreamDoes() throws Exception {
        var found = ask(Endpoint.of("HEAD /v1/files/x"), (request, reply) -> reply.field("Content-Type", "image/png")
                .field("ETag", "\"abc\"")
                .length(12345));
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.fields().values("content-length")).containsExactly("12345");
        assertThat(found.fields().values("content-type")).containsExactly("image/png");
        var missing = ask(Endpoint.of("HEAD /v1/models/x"), (request, reply) -> reply.status(404)
                .length(7));
        assertThat(missing.status()).isEqualTo(404);
        var refused = Ground.send(container, Ground.request(container, "HEAD", "/v1/models"));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.fields().has("www-authenticate")).isTrue();
    }

    private static void error(Reply reply, int status, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        reply.status(status)
                .field("Content-Type", type)
                .field("retry-after", "17")
                .field("request-id", "req_up")
                .length(bytes.length);
        reply.content(bytes);
    }

    private RawResponse ask(Endpoint endpoint, Script script) throws Exception {
        ground.upstream().next(script);
        return Ground.send(container, request(endpoint));
    }

    private RawRequest request(Endpoint endpoint) {
        return endpoint.request(container).field("X-Warder-Token", ACCESS_TOKEN);
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
