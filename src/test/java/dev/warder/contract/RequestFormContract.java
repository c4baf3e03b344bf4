package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the form of a request reaches the upstream: the type and length of its body, and its query. */
@OnEachContainer
class RequestFormContract extends GroundContract {
    private Container container;

    RequestFormContract(Container.Starter starter) {
        super(starter);
    }

    @BeforeAll
    final void prepare() throws Exception {
        container = ground.container();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=UTF-8", "text/plain", "application/x-ndjson;x=\"y z\""})
    void leavesContentTypeAsItIs(String type) throws Exception {
        var body = "{\"model\":\"m\"}".getBytes(StandardCharsets.UTF_8);
        for (var path : List.of("/v1/messages", "/v1/files", "/anthropic/v1/messages")) {
            var request = request(path, "POST");
            var sent = sent(request.field("Content-Type", type).body(body)).fields();
            // Jetty keeps well-known values in a cache of its own spelling, in which a charset has small letters.
            assertThat(sent.values("content-type"))
                    .as(path)
                    .singleElement()
                    .asString()
                    .isEqualToIgnoringCase(type);
            var none = sent(request(path, "POST").body(body)).fields();
            assertThat(none.has("content-type")).as(path).isFalse();
        }
    }

    @Test
    void framesTheBodyAnew() throws Exception {
        var json = "{\"model\":\"m\"}";
        for (var path : List.of("/v1/messages", "/v1/files", "/anthropic/v1/messages")) {
            try (var client = RawClient.connect(container.baseUri())) {
                client.send(request(path, "POST").field("Transfer-Encoding", "chunked"))
                        .sendChunk(json.substring(0, 5).getBytes(StandardCharsets.UTF_8))
                        .sendChunk(json.substring(5).getBytes(StandardCharsets.UTF_8))
                        .sendChunk(new byte[0]);
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
            var sent = ground.upstream().take();
            assertThat(sent.text()).isEqualTo(json);
            boolean collected = path.equals("/v1/messages");
            assertThat(sent.fields().values("content-length")).isEqualTo(collected ? List.of("13") : List.of());
            assertThat(sent.fields().values("transfer-encoding")).isEqualTo(collected ? List.of() : List.of("chunked"));
        }
    }

    @Test
    void sendsContinueItselfAndNoExpectationUp() throws Exception {
        var body = "x".repeat(1000).getBytes(StandardCharsets.UTF_8);
        try (var client = RawClient.connect(container.baseUri())) {
            client.send(
                    request("/v1/files", "POST").field("Expect", "100-continue").field("Content-Length", "1000"));
            assertThat(client.readInterimOrHead().status()).isEqualTo(100);
            assertThat(client.send(body).readResponse().status()).isEqualTo(200);
        }
        var sent = ground.upstream().take();
        assertThat(sent.length()).isEqualTo(1000);
        assertThat(sent.fields().has("expect")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"?beta=true", "?a=1&a=2&&b", "?", "?x=%2F..%2f%zz%C3%A9+y", "?q=/v1/../messages//;c=d?e='(*)'"})
    void keepsTheQueryAsItIs(String query) throws Exception {
        for (var path : List.of("/v1/skills", "/v1/files/x", "/anthropic/v1/models")) {
            var sent = sent(request(path + query, "GET"));
            var empty = query.equals("?") ? "" : query;
            assertThat(sent.target())
                    .isIn(path.replace("/anthropic", "") + query, path.replace("/anthropic", "") + empty);
        }
    }

    @Test
    void refusesAnOverlongTokenWithoutAStackTrace() throws Exception {
        var request = Ground.request(container, "GET", "/v1/models").field("x-api-key", "t".repeat(8192));
        Answers.refused(Ground.send(container, request), 401, "authentication_error");
        assertThat(ground.upstream().requests()).isEmpty();
    }

    private RawRequest request(String target, String method) {
        return Ground.request(container, method, target).field("X-Warder-Token", ACCESS_TOKEN);
    }

    private RecordedRequest sent(RawRequest request) throws Exception {
        var answer = Ground.send(container, request);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return ground.upstream().take();
    }
}
