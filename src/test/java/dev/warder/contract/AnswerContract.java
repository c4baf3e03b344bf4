package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Field;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of a response that reaches the client: its status, the bytes of its body, and some of its fields. */
@OnEachContainer
class AnswerContract extends GroundContract {
    private static final List<Field> DROPPED = fields(
            """
            Set-Cookie: session=1; Secure | Set-Cookie: other=2 | Alt-Svc: h3=":443"
            Strict-Transport-Security: max-age=1 | Server: cloudflare | Access-Control-Allow-Origin: *
            Access-Control-Expose-Headers: request-id | Proxy-Authenticate: Basic | Keep-Alive: timeout=5
            Trailer: x-checksum | Upgrade: h2c | Connection: x-hop, keep-alive | X-Hop: 1
            X-Warder-Request-Id: req_wrd_forged""");
    private static final List<Field> KEPT = fields(
            """
            request-id: req_up | retry-after: 17 | x-should-retry: true | anthropic-organization-id: 6f1c2e5a
            anthropic-ratelimit-requests-remaining: 0 | anthropic-ratelimit-unified-status: rejected
            Date: Thu, 01 Jan 2026 00:00:00 GMT | ETag: "abc" | CF-RAY: 9c0ffee | Via: 1.1 google
            Link: <a>; rel=next | X-Between: 1 | link: <b>; rel=prev | X-Latin: gr\u00fc\u00dfe \u00a9 \u00ff
            Content-Language: de""");

    private Container container;

    @BeforeAll
    final void prepare() throws Exception {
        container = ground.container();
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
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void relaysNeitherInterimAnswersNorTrailersNorTheReason(Endpoint endpoint) throws Exception {
        upstream.next((request, reply) -> {
            reply.informational(103, new Field("Link", "</x>"));
            reply.informational(102);
            reply.field("Content-Type", "application/json").chunked();
            reply.chunk("{}");
            reply.lastChunk(new Field("X-Checksum", "1"));
        });
        try (var client = connect(container)) {
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
            upstream.clear();
            var answer = ask(endpoint, (request, reply) -> reply.field("Location", "https://evil.example/v1/messages")
                    .json(status, "{}"));
            Answers.refused(answer, 502);
            assertThat(answer.toString()).doesNotContainIgnoringCase("location", "evil.example");
            assertThat(upstream.requests()).hasSize(1);
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
        Answers.refused(answer, 502);
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
            assertThat(answer.body()).isEqualTo(utf8(body));
            assertFields(answer.fields(), "retry-after", "17", "request-id", "req_up");
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
        assertFields(found.fields(), "content-length", "12345", "content-type", "image/png");
        var missing = ask(Endpoint.of("HEAD /v1/models/x"), (request, reply) -> reply.status(404)
                .length(7));
        assertThat(missing.status()).isEqualTo(404);
        var refused = assertStatus(401, send(container, request(container, "HEAD", "/v1/models")));
        assertThat(refused.fields().has("www-authenticate")).isTrue();
    }

    @DisplayName("A47 fields of the upstream's answer")
    @ParameterizedTest(name = "A47 {0}")
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void dropsWhatIsItsOwnAndKeepsTheRest(Endpoint endpoint) throws Exception {
        var answer = ask(endpoint, (request, reply) -> {
            DROPPED.forEach(field -> reply.field(field.name(), field.value()));
            KEPT.forEach(field -> reply.field(field.name(), field.value()));
            reply.json(200, Messages.message("hello"));
        });
        assertThat(answer.text()).isEqualTo(Messages.message("hello"));
        var fields = answer.fields();
        assertThat(fields.values("X-Warder-Request-Id"))
                .singleElement()
                .asString()
                .matches("req_wrd_[a-z2-7]{26}");
        assertThat(DROPPED)
                .extracting(field -> field.name().toLowerCase(Locale.ROOT))
                .filteredOn(fields::has)
                .isSubsetOf("x-warder-request-id", "connection", "keep-alive");
        assertThat(fields.lists("connection", "x-hop")).isFalse();
        assertThat(fields.values("keep-alive")).doesNotContain("timeout=5");
        for (var field : KEPT) {
            assertThat(fields.values(field.name())).as(field.name()).isEqualTo(valuesOf(field.name()));
        }
        assertThat(fields.values("cache-control")).containsExactly("no-store");
        assertThat(fields.has("x-accel-buffering")).isFalse();
    }

    @Test
    void leavesACacheControlOfTheUpstreamAlone() throws Exception {
        var answer = ask(Endpoint.of("GET /v1/skills"), (request, reply) -> reply.field("Cache-Control", "max-age=60")
                .field("cache-control", "private")
                .json(200, "{}"));
        assertThat(answer.fields().values("cache-control")).containsExactly("max-age=60", "private");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /v1/messages", "POST /anthropic/v1/messages"})
    void asksFrontEndsNotToBufferAnEventStream(String endpoint) throws Exception {
        var answer = ask(Endpoint.of(endpoint), (request, reply) -> reply.messageStream("a"));
        assertFields(answer.fields(), "x-accel-buffering", "no", "cache-control", "no-store");
        assertThat(answer.fields().first("content-type").orElseThrow())
                .isEqualToIgnoringWhitespace("text/event-stream; charset=utf-8");
        assertThat(answer.text()).isEqualTo(String.join("", Messages.stream("a")));
    }

    private static void error(Reply reply, int status, String type, String body) throws IOException {
        var bytes = utf8(body);
        reply.status(status)
                .field("Content-Type", type)
                .field("retry-after", "17")
                .field("request-id", "req_up")
                .length(bytes.length);
        reply.content(bytes);
    }

    private RawResponse ask(Endpoint endpoint, Script script) throws Exception {
        upstream.next(script);
        return send(container, request(endpoint));
    }

    private RawRequest request(Endpoint endpoint) {
        return endpoint.request(container).field("X-Warder-Token", ACCESS_TOKEN);
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(utf8(text));
        }
        return bytes.toByteArray();
    }

    private static List<String> valuesOf(String name) {
        return KEPT.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }
}
