package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static dev.warder.contract.Contract.MANAGED_KEY;
import static dev.warder.contract.Contract.OWN_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which paths and methods go upstream and as what, at the root and below a context path. */
@OnEachContainer
class RelayedRoutesContract extends GroundContract {
    private static final String PROMPT = "The operator's own words.";

    private List<Container> both;

    RelayedRoutesContract(Container.Starter starter) {
        super(starter);
    }

    @BeforeAll
    final void prepare() throws Exception {
        var deployment = ground.usual().with("prompt.text", PROMPT);
        both = List.of(ground.container("gw", deployment), ground.container("", deployment));
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
            ground.upstream().clear();
            var answer = ask(container, method, path + "?beta=true");
            if (upward.isEmpty()) {
                Answers.refused(answer, 400, "invalid_request_error");
                continue;
            }
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            var sent = ground.upstream().take();
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
                var request = request(container, "POST", "/anthropic/v1/messages")
                        .field("Content-Encoding", "zstd")
                        .field("x-api-key", OWN_KEY)
                        .body(bytes);
                var sent = sent(container, request);
                assertThat(sent.body()).isEqualTo(bytes);
                assertThat(sent.fields().values("content-encoding")).containsExactly("zstd");
                assertThat(sent.fields().values("x-api-key")).containsExactly(OWN_KEY);
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
            var request = request(container, "POST", "/v1/files")
                    .field("Content-Type", "multipart/form-data; boundary=" + boundary)
                    .body(body);
            var sent = sent(container, request);
            assertThat(sent.body()).isEqualTo(body);
            assertThat(sent.fields().values("content-type"))
                    .containsExactly("multipart/form-data; boundary=" + boundary);
            assertThat(sent.fields().values("content-length")).containsExactly(Integer.toString(body.length));
        }
    }

    private RecordedRequest sent(Container container, RawRequest request) throws Exception {
        var answer = Ground.send(container, request);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return ground.upstream().take();
    }

    private static RawResponse ask(Container container, String method, String path) throws IOException {
        var request = request(container, method, path);
        var withBody = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
        return Ground.send(container, withBody ? request.json("{\"model\":\"m\"}") : request);
    }

    private static RawRequest request(Container container, String method, String path) {
        return Ground.request(container, method, path)
                .field("X-Warder-Token", ACCESS_TOKEN)
                .field("anthropic-version", "2023-06-01");
    }
}
