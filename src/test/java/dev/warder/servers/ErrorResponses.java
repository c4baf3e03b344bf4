package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.json.JsonTree;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.assertj.core.api.SoftAssertions;

/**
 * Errors as a client receives them in both dialects: those that Warder itself produces, before the body is read, while it is
 * read and after a try, and those of the upstream that are passed on. Each has its status, its fields, its document, and a
 * length that is right.
 *
 * <p>Warder itself never produces 501 and 529, which are passed on only; 529 is 503 in OpenAI's dialect. It produces 500 for a
 * fault of its own only, which no request causes on purpose: 500 is passed on here too. Further combinations do not exist:
 * 401, 405, 415 and 429 are decided by the head alone; 408 needs a body that is read; 502 and 504 follow a try. After a try no
 * response is 400, 403, 404, 408 or 413, since these concern the request, nor 401, which the client's own credential alone
 * receives from the upstream. Of the Messages API no model is unknown to Warder (404).
 */
final class ErrorResponses {
    private static final AccessToken MAIN = AccessToken.generate(new SecureRandom());
    private static final AccessToken LIMITED = AccessToken.generate(new SecureRandom());
    private static final String ID = "req_wrd_[a-z2-7]{26}";
    private static final int STREAMS = 3;
    private static final int LARGEST = 1 << 20;
    private static final int LARGE = 900_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String NO_RETRY = "x-should-retry: false";
    private static final String RETRY = "retry-after: [1-9][0-9]*";
    private static final Script UNUSED = (request, reply) -> reply.json(200, Messages.message("unused"));
    private static final Script REDIRECT = (request, reply) ->
            reply.field("Location", "https://other.example/").json(307, "{}");

    private final ServerGround ground;
    private final CountDownLatch over = new CountDownLatch(1);

    private ErrorResponses(ServerGround ground) {
        this.ground = ground;
    }

    /** On a server of its own, whose limits are low and which drains in the end. */
    static void areWhole(Run run, Path folder) throws Exception {
        var clients = Files.write(
                folder.resolve("clients"), List.of(MAIN.line("main"), LIMITED.line("limited") + " models=claude-none"));
        var settings = Map.ofEntries(
                Map.entry("clients.file", clients.toString()),
                Map.entry("limits.body", "1m"),
                Map.entry("limits.memory", "1m"),
                Map.entry("limits.memoryWait", "300ms"),
                Map.entry("limits.clientMemory", "100%"),
                Map.entry("limits.clientStreams", Integer.toString(STREAMS)),
                Map.entry("timeouts.clientRead", "2s"),
                Map.entry("timeouts.firstByte", "5s"),
                Map.entry("timeouts.drain", "1s"));
        try (var other = ServerGround.start(run, Map.of(), settings)) {
            var errors = new ErrorResponses(other);
            var soft = new SoftAssertions();
            for (var dialect : Dialect.values()) {
                errors.ownErrors(soft, dialect);
                errors.ownErrorsForWantOfRoom(soft, dialect);
                errors.ownErrorsForOldClients(soft, dialect);
                errors.errorsOfTheUpstream(soft, dialect);
            }
            errors.whileItDrains(soft);
            errors.over.countDown();
            soft.assertAll();
        }
    }

    private void ownErrors(SoftAssertions soft, Dialect dialect) throws Exception {
        for (var row : ROWS) {
            if (row.dialects.contains(dialect)) {
                check(soft, dialect, row, UNUSED);
            }
        }
    }

    private void check(SoftAssertions soft, Dialect dialect, Row row, Script otherwise) throws Exception {
        ground.upstream().clear();
        ground.upstream().next(row.upstream).script(otherwise);
        var sent = row.sent.apply(this, dialect);
        try (var client = ground.client().readTimeout(10_000)) {
            client.send(sent.request).send(sent.more);
            var response = client.readResponse();
            soft.check(() -> {
                row.expect(dialect, response);
                if (sent.whole && !response.fields().lists("connection", "close")) {
                    assertThat(client.exchange(ground.plain("GET", "/health/live"))
                                    .status())
                            .as("the next response of the connection after %s", response)
                            .isEqualTo(200);
                }
            });
        } catch (IOException broken) {
            soft.fail(dialect + ", " + row.name + ": " + broken, broken);
        }
    }

    /** Other requests hold all of the memory, or all of the client's places. */
    private void ownErrorsForWantOfRoom(SoftAssertions soft, Dialect dialect) throws Exception {
        var noMemory = Row.of(
                "while it is read, no memory", 503, "overloaded_error", (self, each) -> each.part(self, LARGE), RETRY);
        checkBeside(2, () -> main(ground.plain("POST", "/v1/messages")).json(large()), soft, dialect, noMemory);
        var noPlace = Row.of(
                "before the body, too many open", 429, "rate_limit_error", (self, each) -> each.whole(self), RETRY);
        checkBeside(STREAMS, () -> main(ground.plain("GET", "/v1/files")), soft, dialect, noPlace);
    }

    private void checkBeside(int others, Supplier<RawRequest> other, SoftAssertions soft, Dialect dialect, Row row)
            throws Exception {
        var mayEnd = new CountDownLatch(1);
        var waiting = new ArrayList<RawClient>();
        try {
            while (waiting.size() < others) {
                waiting.add(hold(
                        (request, reply) -> {
                            reply.await(mayEnd);
                            reply.json(200, "{}");
                        },
                        other.get()));
            }
            check(soft, dialect, row, UNUSED);
        } finally {
            mayEnd.countDown();
            for (var client : waiting) {
                client.readResponse();
                client.close();
            }
        }
    }

    private RawClient hold(Script held, RawRequest request) throws Exception {
        ground.upstream().clear();
        ground.upstream().next(held);
        var client = ground.client();
        client.send(request);
        ground.upstream().take();
        return client;
    }

    private static String large() {
        return ServerGround.MESSAGE.replace("}", ",\"metadata\":{\"user_id\":\"" + "x".repeat(LARGE) + "\"}}");
    }

    /** Every status, in each framing that an upstream may choose; then responses without a body. */
    private void errorsOfTheUpstream(SoftAssertions soft, Dialect dialect) throws Exception {
        for (int status : List.of(400, 401, 403, 404, 408, 413, 429, 500, 501, 502, 503, 504, 529)) {
            for (var framing : Framing.values()) {
                var row = new Passed(status, framing);
                ground.upstream().clear();
                ground.upstream().next(row);
                var response = ground.exchange(dialect.whole(this).request);
                soft.check(() -> row.expect(dialect, response));
            }
        }
        if (dialect == Dialect.ANTHROPIC) {
            passesAHeadAlone(soft, "HEAD", 404);
            passesAHeadAlone(soft, "HEAD", 529);
            passesAHeadAlone(soft, "DELETE", 204);
            passesAHeadAlone(soft, "GET", 304);
        }
    }

    private void passesAHeadAlone(SoftAssertions soft, String method, int status) throws IOException {
        ground.upstream().clear();
        ground.upstream().next((request, reply) -> reply.status(status).head());
        var response = ground.exchange(main(ground.plain(method, "/v1/files/1")));
        soft.assertThat(response.status()).as("%s: %s", method, response).isEqualTo(status);
    }

    /** No client of HTTP/1.0 receives a coding (RFC 9112, section 6.1): the connection ends where the error does. */
    private void ownErrorsForOldClients(SoftAssertions soft, Dialect dialect) throws IOException {
        ground.upstream().clear();
        ground.upstream().next(REDIRECT);
        for (var sent : List.of(dialect.body(dialect.post(this)), dialect.whole(this))) {
            try (var client = ground.client().readTimeout(10_000)) {
                client.send(
                        new String(sent.request.bytes(), StandardCharsets.US_ASCII).replace("HTTP/1.1", "HTTP/1.0"));
                var response = client.readResponse();
                soft.check(() -> {
                    assertThat(response.status()).as("%s", response).isIn(401, 502);
                    assertThat(response.fields().values("Transfer-Encoding"))
                            .as("%s", response)
                            .isEmpty();
                    expectLength(dialect + ", HTTP/1.0", response);
                });
            }
        }
    }

    /** New requests are refused by their head; one that waits for the upstream is refused after {@code timeouts.drain}. */
    private void whileItDrains(SoftAssertions soft) throws Exception {
        var waiting = new ArrayList<RawClient>();
        for (var dialect : Dialect.values()) {
            waiting.add(hold((request, reply) -> reply.await(over), dialect.whole(this).request));
        }
        Files.createFile(ground.server().drainFile());
        for (var dialect : Dialect.values()) {
            var row = Row.of("after a try, stopping", 503, "overloaded_error", (self, each) -> each.whole(self), RETRY);
            try (var client = waiting.get(dialect.ordinal())) {
                var response = client.readResponse();
                soft.check(() -> row.expect(dialect, response));
            }
        }
        eventually(() -> "it drains", LIMIT, () -> !ground.server().well("/health/ready"));
        for (var dialect : Dialect.values()) {
            check(
                    soft,
                    dialect,
                    Row.of(
                            "before the body, draining",
                            503,
                            "overloaded_error",
                            (self, each) -> each.whole(self),
                            RETRY),
                    UNUSED);
        }
    }

    /** With the client's own credential, so that no response counts for a managed one. */
    private static RawRequest main(RawRequest request) {
        return request.field("X-Warder-Token", MAIN.reveal()).field("x-api-key", ServerGround.OWN_KEY);
    }

    private static final List<Row> ROWS = List.of(
            Row.of(
                    "before the body, two keys",
                    400,
                    "invalid_request_error",
                    (self, each) -> each.body(main(each.post(self)).field("x-api-key", "another"))),
            Row.of(
                    "before the body, no token",
                    401,
                    "authentication_error",
                    (self, each) -> each.body(each.post(self)),
                    "www-authenticate: Bearer realm=\"warder\"",
                    NO_RETRY),
            Row.of(
                    "before the body, no token, of half a body",
                    401,
                    "authentication_error",
                    (self, each) -> each.half(each.post(self)),
                    "www-authenticate: Bearer realm=\"warder\"",
                    NO_RETRY),
            Row.of(
                            "before the body, path not permitted",
                            403,
                            "permission_error",
                            (self, each) -> each.half(
                                    self.ground.plain("POST", "/v1/files").field("X-Warder-Token", LIMITED.reveal())),
                            NO_RETRY)
                    .only(Dialect.ANTHROPIC),
            Row.of(
                    "before the body, no such path",
                    404,
                    "not_found_error",
                    (self, each) -> each.body(main(self.ground.plain("POST", each.prefix + "/nothing")))),
            Row.of(
                    "before the body, other method",
                    405,
                    "invalid_request_error",
                    (self, each) -> each.body(main(self.ground.plain("PUT", each.path))),
                    "allow: POST"),
            Row.of(
                    "before the body, announced too large",
                    413,
                    "request_too_large",
                    (self, each) -> each.part(self, 1 << 30)),
            Row.of(
                    "before the body, other coding",
                    415,
                    "invalid_request_error",
                    (self, each) -> each.body(main(each.post(self)).field("Content-Encoding", "br")),
                    "accept-encoding: gzip"),
            Row.of(
                    "while it is read, no JSON",
                    400,
                    "invalid_request_error",
                    (self, each) -> Sent.whole(main(each.post(self)).json("{"))),
            Row.of(
                    "while it is read, model not permitted",
                    403,
                    "permission_error",
                    (self, each) -> each.body(each.post(self).field("X-Warder-Token", LIMITED.reveal())),
                    NO_RETRY),
            Row.of(
                            "while it is read, unknown model",
                            404,
                            "not_found_error",
                            (self, each) -> Sent.whole(
                                    main(each.post(self)).json(each.body.replace(ChatCompletions.ALIAS, "none"))))
                    .only(Dialect.OPENAI),
            Row.of(
                    "while it is read, too slow",
                    408,
                    "timeout_error",
                    (self, each) -> Sent.part(main(each.post(self)).field("Content-Length", "999"), "{"),
                    "connection: close"),
            Row.of(
                    "while it is read, too large",
                    413,
                    "request_too_large",
                    (self, each) ->
                            new Sent(main(each.post(self)).field("Transfer-Encoding", "chunked"), chunked(), true)),
            Row.of(
                            "while it is read, after a try, redirect",
                            502,
                            "api_error",
                            (self, each) -> Sent.part(
                                    main(self.ground.plain("POST", "/anthropic/v1/messages"))
                                            .field("Content-Length", "999"),
                                    "{"))
                    .upstream(Script.atHead(REDIRECT))
                    .only(Dialect.ANTHROPIC),
            Row.of(
                            "after a try, managed key refused",
                            502,
                            "api_error",
                            (self, each) -> each.body(each.post(self).field("X-Warder-Token", MAIN.reveal())),
                            NO_RETRY)
                    .upstream((request, reply) ->
                            reply.json(401, Messages.error("authentication_error", "invalid x-api-key"))),
            Row.of("after a try, redirect", 502, "api_error", (self, each) -> each.whole(self))
                    .upstream(REDIRECT),
            Row.of(
                            "after a try, redirect, without a body",
                            502,
                            "api_error",
                            (self, each) -> Sent.whole(main(self.ground.plain("GET", each.prefix + "/v1/models"))))
                    .upstream(REDIRECT),
            Row.of("after a try, no response", 502, "api_error", (self, each) -> each.whole(self))
                    .upstream((request, reply) -> reply.reset()),
            Row.of("after a try, too late", 504, "timeout_error", (self, each) -> each.whole(self))
                    .upstream((request, reply) -> reply.await(new CountDownLatch(1))));

    private static byte[] chunked() {
        String piece = "x".repeat(LARGEST);
        return (Integer.toHexString(LARGEST + 2) + "\r\n{\"" + piece + "\r\n0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The two dialects, by a path that has them. */
    private enum Dialect {
        ANTHROPIC("", "/v1/messages", ServerGround.MESSAGE),
        OPENAI(
                "/openai",
                "/openai/v1/chat/completions",
                "{\"model\":\"" + ChatCompletions.ALIAS + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

        private final String prefix;
        private final String path;
        private final String body;

        Dialect(String prefix, String path, String body) {
            this.prefix = prefix;
            this.path = path;
            this.body = body;
        }

        RawRequest post(ErrorResponses self) {
            return self.ground.plain("POST", path);
        }

        Sent whole(ErrorResponses self) {
            return body(main(post(self)));
        }

        Sent body(RawRequest request) {
            return Sent.whole(request.json(body));
        }

        Sent half(RawRequest request) {
            return Sent.part(request.field("Content-Length", "999"), "{");
        }

        Sent part(ErrorResponses self, int length) {
            return Sent.part(main(post(self)).field("Content-Length", Integer.toString(length)), "{");
        }

        /** The error of a response of Warder itself, whose id stands in three places. */
        void expectDocument(RawResponse response, String type) {
            var document = JsonTree.parseObject(response.body(), 0, response.body().length)
                    .orElseThrow(() -> new AssertionError("no JSON: " + response));
            var error = document.getJsonObject("error");
            String id = response.fields().first("X-Warder-Request-Id").orElse("");
            assertThat(id).matches(ID);
            assertThat(response.fields().values("request-id")).as("request-id").containsExactly(id);
            if (this == ANTHROPIC) {
                assertThat(document.keySet()).containsExactlyInAnyOrder("type", "error", "request_id");
                assertThat(document.getString("request_id")).isEqualTo(id);
                assertThat(error.getString("type")).isEqualTo(type);
            } else {
                assertThat(document.keySet()).containsExactly("error");
                assertThat(response.fields().values("x-request-id")).containsExactly(id);
                assertThat(error.keySet()).containsExactlyInAnyOrder("message", "type", "param", "code");
                assertThat(error.getString("type")).isEqualTo(openAiType(response.status()));
            }
            assertThat(error.getString("message")).isNotEmpty();
        }

        private static String openAiType(int status) {
            return switch (status) {
                case 403 -> "permission_error";
                case 429 -> "requests";
                default -> status < 500 ? "invalid_request_error" : "server_error";
            };
        }
    }

    /**
     * A request.
     *
     * @param more follows what {@code request} has
     * @param whole whether that is all of it
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Sent(RawRequest request, byte[] more, boolean whole) {
        static Sent whole(RawRequest request) {
            return new Sent(request, new byte[0], true);
        }

        static Sent part(RawRequest head, String part) {
            return new Sent(head, part.getBytes(StandardCharsets.US_ASCII), false);
        }
    }

    /**
     * An error of Warder itself.
     *
     * @param type the API's word for it
     * @param fields the lines that its head must have, as patterns behind the colon
     */
    private record Row(
            String name,
            int status,
            String type,
            BiFunction<ErrorResponses, Dialect, Sent> sent,
            List<String> fields,
            Script upstream,
            List<Dialect> dialects) {
        static Row of(
                String name,
                int status,
                String type,
                BiFunction<ErrorResponses, Dialect, Sent> sent,
                String... fields) {
            return new Row(name, status, type, sent, List.of(fields), UNUSED, List.of(Dialect.values()));
        }

        Row upstream(Script script) {
            return new Row(name, status, type, sent, fields, script, dialects);
        }

        Row only(Dialect dialect) {
            return new Row(name, status, type, sent, fields, upstream, List.of(dialect));
        }

        void expect(Dialect dialect, RawResponse response) {
            assertThat(response.status())
                    .as("%s, %s: %s", dialect, name, response)
                    .isEqualTo(status);
            assertThat(response.fields().first("Content-Type").orElse("")).startsWith("application/json");
            assertThat(response.fields().values("Cache-Control")).containsExactly("no-store");
            dialect.expectDocument(response, type);
            for (var field : fields) {
                int colon = field.indexOf(':');
                assertThat(response.fields().first(field.substring(0, colon)).orElse(""))
                        .as("%s, %s: %s", dialect, name, response)
                        .matches(field.substring(colon + 2));
            }
            expectLength(dialect + ", " + name, response);
        }
    }

    /** Exactly one of the three ways in which a client learns where a response ends, and it is right. */
    private static void expectLength(String name, RawResponse response) {
        var lengths = response.fields().values("Content-Length");
        var codings = response.fields().values("Transfer-Encoding");
        boolean closes = response.fields().lists("Connection", "close");
        assertThat(response.truncated()).as("%s: %s", name, response).isFalse();
        if (!lengths.isEmpty()) {
            assertThat(lengths).as("%s: %s", name, response).containsExactly(Integer.toString(response.body().length));
            assertThat(codings).as("%s: %s", name, response).isEmpty();
        } else {
            assertThat(closes || codings.equals(List.of("chunked")))
                    .as("%s: %s", name, response)
                    .isTrue();
        }
    }

    private enum Framing {
        LENGTH,
        CHUNKED,
        CLOSED
    }

    /** An error of the upstream, of a type that OpenAI's dialect does not know. */
    private record Passed(int status, Framing framing) implements Script {
        private static final String ERROR = Messages.error("some_error", "of the upstream");

        @Override
        public void run(RecordedRequest request, Reply reply) throws Exception {
            reply.status(status).field("Content-Type", "application/json").field("request-id", "req_upstream");
            byte[] body = ERROR.getBytes(StandardCharsets.UTF_8);
            switch (framing) {
                case LENGTH -> reply.length(body.length);
                case CHUNKED -> reply.chunked();
                case CLOSED -> reply.field("Connection", "close").head();
            }
            if (framing == Framing.CHUNKED) {
                reply.chunk(body);
                reply.lastChunk();
            } else {
                reply.content(body);
            }
            if (framing == Framing.CLOSED) {
                reply.closeNow();
            }
        }

        void expect(Dialect dialect, RawResponse response) {
            assertThat(response.fields().first("X-Warder-Request-Id").orElse(""))
                    .matches(ID);
            expectLength(dialect + ", " + this, response);
            if (dialect == Dialect.ANTHROPIC) {
                assertThat(response.status()).as("%s: %s", this, response).isEqualTo(status);
                assertThat(response.text()).isEqualTo(ERROR);
            } else {
                assertThat(response.status()).as("%s: %s", this, response).isEqualTo(status == 529 ? 503 : status);
                assertThat(response.text()).startsWith("{\"error\":").contains("of the upstream");
            }
        }
    }
}
