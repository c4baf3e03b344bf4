package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is said first to a request with more than one fault: 400 path, 503 not configured, 401, 404, 405, 403 by
 * path, 503 limits.streams, 415 and 413, 400 body, 403 by model, 401, 502 and 503 credential. Each neighbouring pair that
 * one request can have, in one test.
 */
class RefusalOrderContract extends GroundContract {
    private static final String AMBIGUOUS = "/v1/%6dessages";
    private static final String MODEL = "{\"model\":\"claude-x\"}";
    private static final String OTHER = "{\"model\":\"other\"}";
    private static final String BROKEN = "{\"model\":";

    /** More than one, because an exchange may be open for a moment after its client has the answer. */
    private static final int STREAMS = 4;

    private final String limited = token();
    private Container container;

    @BeforeAll
    final void prepare() throws Exception {
        log.plant(limited);
        var line = line(limited, "limited") + " models=claude-* rights=passthrough";
        var file = Files.writeString(folder.resolve("clients"), line);
        container = ground.container(
                "order",
                ground.usual()
                        .with("clients.file", file.toString())
                        .with("limits.streams", Integer.toString(STREAMS))
                        .with("limits.body", "1k"));
    }

    @Test
    void pathBeforeMissingSettings() throws Exception {
        var unset = Setup.UNSET.on(ground);
        Answers.refused(send(unset, request(unset, "GET", AMBIGUOUS)), 400);
    }

    @Test
    void missingSettingsBeforeTheToken() throws Exception {
        var unset = Setup.UNSET.on(ground);
        var request = request(unset, "GET", "/v1/models").field("x-api-key", "wrong-" + "x".repeat(16));
        Answers.refused(send(unset, request), 503, "api_error");
    }

    @Test
    void pathBeforeTheToken() throws Exception {
        refused(request(container, "GET", AMBIGUOUS), 400, "invalid_request_error");
        Answers.refusedAsOpenAi(send(container, request(container, "GET", "/openai/%76")), 400, "");
    }

    @Test
    void tokenBefore404And405() throws Exception {
        refused(request(container, "GET", "/nowhere"), 401, "authentication_error");
        refused(request(container, "GET", "/v1/messages"), 401, "authentication_error");
    }

    @Test
    void pathThatIsNotServedBeforeItsMethodAndTheModel() throws Exception {
        refused(limited("FOO", "/nowhere"), 404, "not_found_error");
        refused(limited("GET", "/v1/messages/other"), 404, "not_found_error");
    }

    @Test
    void methodBeforeForbiddenByPath() throws Exception {
        refused(limited("FOO", "/v1/files"), 405, "invalid_request_error");
        refused(known("FOO", "/api/oauth/usage"), 405, "invalid_request_error");
    }

    @Test
    void forbiddenByPathBeforeTooManyStreams() throws Exception {
        whileFull(() -> {
            refused(limited("GET", "/v1/files"), 403, "permission_error");
            refused(known("GET", "/api/oauth/usage"), 403, "permission_error");
            refused(known("GET", "/nowhere"), 404, "not_found_error");
        });
    }

    @Test
    void tooManyStreamsBeforeTheBody() throws Exception {
        whileFull(() -> {
            var coded = known("POST", "/v1/messages").field("Content-Encoding", "br");
            assertThat(refused(coded.json(MODEL), 503, "overloaded_error")
                            .fields()
                            .has("retry-after"))
                    .isTrue();
            refused(known("POST", "/v1/messages").json("x".repeat(2000)), 503, "overloaded_error");
            refused(limited("POST", "/v1/messages").json(MODEL), 503, "overloaded_error");
        });
    }

    @Test
    void codingAndSizeBeforeTheJson() throws Exception {
        refused(
                known("POST", "/v1/messages").field("Content-Encoding", "br").json(BROKEN),
                415,
                "invalid_request_error");
        refused(known("POST", "/v1/messages").json(BROKEN + "x".repeat(2000)), 413, "request_too_large");
        var both = known("POST", "/v1/messages").field("Content-Encoding", "br");
        assertThat(send(container, both.json("x".repeat(2000))).status()).isIn(413, 415);
    }

    @Test
    void bodyBeforeTheModel() throws Exception {
        refused(limited("POST", "/v1/messages").json(OTHER.replace("}", ",}")), 400, "invalid_request_error");
    }

    @Test
    void modelBeforeTheCredential() throws Exception {
        refused(limited("POST", "/v1/messages").json(OTHER), 403, "permission_error");
        refused(limited("POST", "/v1/messages").json(MODEL), 401, "authentication_error");
    }

    @Test
    void bodyBeforeTheCredential() throws Exception {
        refused(limited("POST", "/v1/messages").json(BROKEN), 400, "invalid_request_error");
        var nothing = Setup.TOKEN_NOTHING.on(ground);
        for (var path : List.of("/v1/messages", "/v1/messages/count_tokens")) {
            Answers.refused(send(nothing, authenticated(nothing, "POST", path).json(BROKEN)), 400);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /** Runs {@code work} while as many exchanges as there may be wait for their upstream. */
    private void whileFull(Work work) throws Exception {
        idle();
        var leave = latch();
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < STREAMS; i++) {
                upstream.next(json(leave, 200, "{}"));
                clients.add(
                        connect(container).send(known("POST", "/v1/messages").json(MODEL)));
                upstream.take();
            }
            upstream.clear();
            work.run();
        } finally {
            leave.countDown();
            for (var client : clients) {
                assertStatus(200, client.readResponse());
                client.close();
            }
            idle();
        }
    }

    private void idle() throws Exception {
        eventually(() -> container.gateway("OpenExchanges").equals(0));
    }

    /** What may throw anything. */
    private interface Work {
        void run() throws Exception;
    }

    private RawRequest known(String method, String path) {
        return authenticated(container, method, path);
    }

    private RawRequest limited(String method, String path) {
        return request(container, method, path).field("x-api-key", limited);
    }

    private RawResponse refused(RawRequest request, int status, String type) throws IOException {
        var answer = send(container, request);
        Answers.refused(answer, status, type);
        assertThat(upstream.requests()).isEmpty();
        return answer;
    }
}
