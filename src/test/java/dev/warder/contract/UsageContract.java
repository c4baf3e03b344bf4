package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the access log has of the usage and the cost of requests, and that reading them changes no response. */
class UsageContract extends DeployedContract {
    /** 3 tokens of input and 5 of output at the list price of Opus 5.5. */
    private static final String REPORTED =
            " input=3 write5m=0 write1h=0 read=0 output=5 searches=0 cost=0.000112000 usage=reported";

    private static final String NONE = " input=- write5m=- write1h=- read=- output=- searches=- cost=- usage=-";
    private static final String CHAT =
            "{\"model\":\"claude-opus-5-5\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}";

    private static final String RESPONSE = "{\"model\":\"claude-opus-5-5\",\"input\":\"Hi\"%s}";

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("stream.keepAlive", "0s").with("openai.enabled", "true");
    }

    static Stream<RawRequest> messages() {
        return Stream.of(
                message("{\"model\":\"claude-opus-5-5\",\"max_tokens\":9,\"stream\":true}"),
                authenticated("POST", "/anthropic/v1/messages").json("{\"model\":\"claude-opus-5-5\",\"stream\":true}"),
                authenticated("POST", "/v1/chat/completions").json(CHAT.formatted(",\"stream\":true")),
                authenticated("POST", "/v1/responses").json(RESPONSE.formatted(",\"stream\":true")));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void countsAStream(RawRequest request) throws Exception {
        upstream.next((sent, reply) -> {
            reply.field("request-id", "req_up_1");
            reply.eventStream();
            reply.dribbleChunks(utf8(opus(Messages.stream("one", "two"))));
            reply.lastChunk();
        });
        var line = line(exchange(
                request.field("X-Claude-Code-Session-Id", "session 1").field("X-Claude-Code-Agent-Id", "agent-1")));
        assertThat(line)
                .contains(" end=ok tries=1 upstream=req_up_1 session=session\\u00201 agent=agent-1 ")
                .endsWith(REPORTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages", "/anthropic/v1/messages", "/v1/chat/completions", "/v1/responses"})
    void countsAWholeResponse(String path) throws Exception {
        upstream.next((sent, reply) -> reply.json(200, opus(Messages.message("x".repeat(2 << 20)))));
        String body = path.equals("/v1/responses") ? RESPONSE : CHAT;
        var line = line(exchange(authenticated("POST", path).json(body.formatted(",\"max_tokens\":9"))));
        assertThat(line).contains(" tries=1 ").endsWith(REPORTED);
    }

    /** What a model writes may be nested deeper, or have odder numbers and escapes, than a request may. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages", "/anthropic/v1/messages", "/v1/chat/completions", "/v1/responses"})
    void countsAWholeResponseWithWhatNoRequestMayHave(String path) throws Exception {
        var odd = "[".repeat(300) + "\"\\ud83d\"," + "9".repeat(300) + "]".repeat(300);
        var whole = opus(Messages.message("x")).replaceFirst("\\{", Matcher.quoteReplacement("{\"odd\":" + odd + ","));
        upstream.next((sent, reply) -> reply.json(200, whole));
        String body = path.equals("/v1/responses") ? RESPONSE : CHAT;
        assertThat(line(exchange(authenticated("POST", path).json(body.formatted(",\"max_tokens\":9")))))
                .contains(" status=200 ")
                .endsWith(REPORTED);
    }

    @Test
    void countsACodedStreamThatPassesUnchanged() throws Exception {
        byte[] coded = GzipBytes.gzip(utf8(opus(Messages.stream("one", "two"))));
        upstream.next((sent, reply) -> {
            reply.field("Content-Encoding", "gzip");
            reply.eventStream();
            reply.dribbleChunks(coded);
            reply.lastChunk();
        });
        var response = exchange(authenticated("POST", "/anthropic/v1/messages")
                .field("Accept-Encoding", "br;q=1, gzip;q=0.9")
                .json("{}"));
        assertThat(response.body()).isEqualTo(coded);
        assertThat(line(response)).endsWith(REPORTED);
        assertThat(upstream.take().fields().values("accept-encoding")).containsExactly("gzip;q=0.9");
    }

    @Test
    void aRefusalOfTheUpstreamCostsNothing() throws Exception {
        upstream.next((sent, reply) -> reply.json(400, Messages.error("invalid_request_error", "no")));
        assertThat(line(exchange(message("{\"model\":\"claude-opus-5-5\",\"max_tokens\":9}"))))
                .contains(" tries=1 ")
                .endsWith(" output=0 searches=0 cost=0.000000000 usage=assumed");
    }

    @Test
    void aStreamThatEndsWithAnErrorIsEstimated() throws Exception {
        upstream.next((sent, reply) -> {
            reply.eventStream();
            reply.chunk(opus(Stream.of(Messages.start(), Messages.delta("a"), Messages.delta("b"))
                    .toList()));
            reply.event("error", Messages.error("overloaded_error", "x"));
            reply.lastChunk();
        });
        assertThat(line(exchange(message(STREAMING)))).contains(" input=3 ").endsWith(" usage=estimated");
    }

    @Test
    void aClientThatLeavesIsEstimated() throws Exception {
        Script paced = (sent, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            while (true) {
                reply.chunk(Messages.delta("on and on"));
                pause(20);
            }
        };
        upstream.next(paced);
        var client = client();
        client.send(message(STREAMING)).readHead();
        client.readEvent();
        client.reset();
        var line = log.await("dev.warder.access", text -> text.contains(" end=client-gone "), SOON)
                .text();
        assertThat(line).contains(" tries=1 ", " input=3 ").endsWith(" usage=estimated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"POST /v1/messages/count_tokens", "GET /v1/messages/batches", "GET /v1/models", "POST /v1/files"
            })
    void whatRunsNoModelHasNoUsage(String endpoint) throws Exception {
        upstream.next((sent, reply) -> reply.json(200, Messages.message("x")));
        var asked = Endpoint.of(endpoint);
        var request = authenticated(asked.method(), asked.path());
        var line = line(exchange(asked.method().equals("POST") ? request.json("{\"model\":\"claude-x\"}") : request));
        assertThat(line).contains(" tries=1 ").endsWith(NONE);
    }

    private String line(RawResponse response) throws Exception {
        return accessLine(response.fields());
    }

    private static String opus(Iterable<String> events) {
        return opus(String.join("", events));
    }

    private static String opus(String text) {
        return text.replace("claude-test", "claude-opus-5-5");
    }
}
