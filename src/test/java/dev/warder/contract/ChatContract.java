package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.EachRow;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Chat completions go up as messages and come back as completions, whole or event by event (rules "Unchanged bodies",
 * "Errors of the upstream", "Streams that break", "Paths that are served" and "Translated requests").
 */
class ChatContract extends DeployedContract {
    private static final String CHAT = "/v1/chat/completions";
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Grüß dich\"}]";
    private static final String WHOLE = "{\"model\":\"gpt-test\"," + MESSAGES + "}";
    private static final String STREAM = "{\"model\":\"gpt-test\",\"stream\":true," + MESSAGES + "}";

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", "gpt-test=claude-sonnet-5-5")
                .with("stream.keepAlive", "0s")
                .with("limits.event", "64k");
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, "/openai/v1/chat/completions", "/v1/v1/chat/completions"})
    void sendsAMessageAndTellsACompletion(String path) throws Exception {
        upstream.next(json(200, Messages.message("Servus")));
        var answer = exchange(chat(path + "?beta=true", WHOLE).field("anthropic-version", "2024-01-01"));

        var sent = upstream.take();
        assertThat(sent.target()).isEqualTo("/v1/messages?beta=true");
        assertFields(sent.fields(), "x-api-key", MANAGED_KEY, "anthropic-version", "2023-06-01");
        assertThat(sent.fields().values("accept-encoding")).containsExactly("identity");
        assertThat(sent.text())
                .isEqualTo(
                        "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":4096,"
                                + "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Grüß dich\"}]}]}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields().values("content-type")).containsExactly("application/json");
        var completion = Answers.json(answer);
        assertThat(completion.getString("object")).isEqualTo("chat.completion");
        assertThat(completion.getString("model")).isEqualTo("gpt-test");
        assertThat(completion
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getJsonObject("message")
                        .getString("content"))
                .isEqualTo("Servus");
        assertThat(accessLine(answer.fields()))
                .contains("dialect=openai", "model=claude-sonnet-5-5", "status=200", "end=ok");
    }

    @Test
    void tellsTheFieldsThatOpenAiClientsLookFor() throws Exception {
        upstream.next((request, reply) -> reply.field("request-id", "req_up")
                .field("anthropic-ratelimit-requests-limit", "50")
                .field("anthropic-ratelimit-requests-remaining", "49")
                .field("x-request-id", "of-a-proxy-between")
                .field("etag", "\"1\"")
                .json(200, Messages.message("x")));
        var answer = exchange(chat(CHAT, WHOLE.replace("}]}", "}],\"seed\":1,\"logit_bias\":{}}")));
        assertFields(answer.fields(), "x-request-id", "req_up", "request-id", "req_up");
        assertFields(answer.fields(), "x-ratelimit-limit-requests", "50", "x-ratelimit-remaining-requests", "49");
        assertThat(answer.fields().values("X-Warder-Ignored")).containsExactly("logit_bias, seed");
        assertThat(answer.fields().has("etag")).isFalse();
        upstream.take();
    }

    @Test
    void tellsEachChunkBeforeTheNextEventIsWritten() throws Exception {
        var read = latch();
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            reply.chunk(Messages.delta("one"));
            reply.await(read);
            reply.chunk(Messages.delta("two"));
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        try (var client = client()) {
            var head = client.send(chat(CHAT, STREAM)).readHead();
            assertThat(head.fields().first("Content-Type").orElse("").replace(" ", ""))
                    .isEqualTo("text/event-stream;charset=utf-8");
            assertThat(head.fields().values("X-Accel-Buffering")).containsExactly("no");
            assertThat(client.readEvent().orElseThrow().data()).contains("\"role\":\"assistant\"");
            assertThat(client.readEvent().orElseThrow().data()).contains("\"content\":\"one\"", "gpt-test");
            read.countDown();
            assertThat(client.readBody(head).text())
                    .contains("\"content\":\"two\"", "\"finish_reason\":\"stop\"")
                    .endsWith("data: [DONE]\n\n");
            assertThat(accessLine(head.fields())).containsPattern("status=200 .* end=ok");
        }
    }

    @Test
    void tellsTheSameHoweverTheStreamIsCut() throws Exception {
        String events = Messages.start() + Messages.ping() + Messages.delta("grüß 🌍") + Messages.end();
        upstream.next(Script.events(events));
        String whole = withoutTime(exchange(chat(CHAT, STREAM)));
        assertThat(whole).contains("grüß 🌍").endsWith("[DONE]\n\n");
        for (String form : List.of(events, events.replace("\n", "\r\n"), events.replace("\n", "\r"))) {
            upstream.next((request, reply) -> {
                reply.eventStream();
                reply.dribbleChunks(utf8(form));
                reply.lastChunk();
            });
            assertThat(withoutTime(exchange(chat(CHAT, STREAM)))).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, 400, invalid_request_error, ''",
        "401, authentication_error, 502, server_error, api_error",
        "404, not_found_error, 404, invalid_request_error, not_found_error",
        "402, billing_error, 429, insufficient_quota, insufficient_quota",
        "413, request_too_large, 413, invalid_request_error, request_too_large",
        "429, rate_limit_error, 429, requests, rate_limit_exceeded",
        "500, api_error, 500, server_error, api_error",
        "529, overloaded_error, 503, server_error, overloaded",
    })
    void tellsErrorsInOpenAisWords(int status, String type, int told, String toldType, String code) throws Exception {
        var whole = List.of(chat(CHAT, WHOLE), Responses.request(Responses.WHOLE));
        for (var asked : Stream.concat(whole.stream(), streams().stream()).toList()) {
            upstream.next((request, reply) ->
                    reply.field("retry-after", "7").json(status, Messages.error(type, "No, because.")));
            var answer = exchange(asked);
            upstream.take();
            assertThat(answer.status()).isEqualTo(told);
            assertThat(answer.fields().values("content-type")).containsExactly("application/json");
            var error = Answers.json(answer).getJsonObject("error");
            assertThat(error.keySet()).containsExactlyInAnyOrder("message", "type", "param", "code");
            assertThat(error.getString("type")).isEqualTo(toldType);
            assertThat(error.getString("code", "")).isEqualTo(code);
            assertThat(answer.fields().values("x-should-retry"))
                    .isEqualTo(status == 401 || status == 402 ? List.of("false") : List.of());
            if (status == told) {
                assertThat(answer.fields().values("retry-after")).containsExactly("7");
            }
        }
    }

    @Test
    void sendsNothingOfWhatCannotBeTranslated() throws Exception {
        refused("{\"model\":\"gpt-test\",\"n\":2," + MESSAGES + "}", 400, "n", "");
        refused("{\"model\":\"unknown\"," + MESSAGES + "}", 404, "model", "model_not_found");
        refused("{\"model\":\"gpt-test\"}", 400, "messages", "");
        refused("{\"model\":\"gpt-test\",\"model\":\"claude-x\"," + MESSAGES + "}", 400, "", "");
        refused("[]", 400, "", "");
        refused("{\"model\":\"gpt-test\",", 400, "", "");
        assertThat(upstream.requests()).isEmpty();
    }

    /** The end of the message is that of the stream, long before {@code timeouts.idle}, in either dialect of OpenAI. */
    @Test
    void endsAStreamWithItsMessageWhileTheUpstreamKeepsItsConnection() throws Exception {
        for (var request : streams()) {
            upstream.next(Script.heldEvents(latch(), Messages.start() + Messages.delta("whole") + Messages.end()));
            var answer = exchange(request);
            assertThat(answer.text())
                    .contains("whole")
                    .containsPattern("data: \\[DONE]\n\n$|event: response.completed");
            assertThat(answer.truncated()).isFalse();
            upstream.take().awaitPeerClosed(SOON);
            assertThat(accessLine(id(answer))).contains("status=200").contains(" end=ok ");
        }
    }

    private static List<RawRequest> streams() {
        return List.of(chat(CHAT, STREAM), Responses.request(Responses.STREAM));
    }

    /** The upstream ends its response a little later, as one behind a proxy does. */
    @Test
    void usesTheConnectionAgainWhoseEndComesAfterThatOfTheMessage() throws Exception {
        var ended = latch();
        upstream.next(Script.events(Messages.start() + Messages.end(), ended));
        exchange(chat(CHAT, STREAM));
        ended.countDown();
        // Others may be idle since tests before.
        eventually(() -> number("UpstreamConnectionsLeased") == 0);
        upstream.next(Script.events(Messages.start() + Messages.end()));
        int first = upstream.take().connection();
        exchange(chat(CHAT, STREAM));
        assertThat(upstream.take().connection()).isEqualTo(first);
    }

    @Test
    void endsAStreamThatBreaksWithOneErrorAndWithoutDone() throws Exception {
        upstream.next(Script.cutEvents(
                Messages.start() + Messages.delta("half"), "event: content_block_delta\ndata: {\"type\":\"content_bl"));
        var answer = exchange(chat(CHAT, STREAM));
        assertThat(answer.text()).contains("half").doesNotContain("[DONE]").containsOnlyOnce("\"error\"");
        assertThat(answer.text()).endsWith("\"type\":\"server_error\",\"param\":null,\"code\":\"api_error\"}}\n\n");
        assertThat(accessLine(answer.fields())).contains("end=upstream-lost");
    }

    @Test
    void endsAStreamThatTheUpstreamEndsEarly() throws Exception {
        upstream.next(Script.events(Messages.start() + Messages.delta("half")));
        var answer = exchange(chat(CHAT, STREAM));
        assertThat(answer.text()).contains("half").doesNotContain("[DONE]").containsOnlyOnce("\"error\"");
        assertThat(accessLine(answer.fields())).contains("end=error");
    }

    @Test
    void tellsAnErrorInMidStreamAndNothingAfterIt() throws Exception {
        upstream.next(Script.events(
                Messages.start() + Messages.delta("half"),
                Messages.event("error", Messages.error("overloaded_error", "Too much.")),
                Messages.delta("late")));
        var answer = exchange(chat(CHAT, STREAM));
        assertThat(answer.text())
                .contains("half")
                .doesNotContain("[DONE]", "late")
                .endsWith("data: {\"error\":{\"message\":\"Too much.\",\"type\":\"server_error\",\"param\":null,"
                        + "\"code\":\"overloaded\"}}\n\n");
    }

    @Test
    void refusesAnEventThatIsTooLargeAndLetsGoOfTheUpstream() throws Exception {
        upstream.next(Script.heldEvents(latch(), Messages.start(), Messages.delta("x".repeat(100_000))));
        assertThat(exchange(chat(CHAT, STREAM)).text()).contains("too large").doesNotContain("[DONE]", "xxx");
        upstream.take().awaitPeerClosed(SOON);
    }

    @Test
    void letsGoOfTheUpstreamWhenTheClientLeaves() throws Exception {
        for (var request : streams()) {
            upstream.next((got, reply) -> {
                reply.eventStream();
                reply.chunk(Messages.start());
                while (true) {
                    reply.chunk(Messages.delta("on and on"));
                    pause(10);
                }
            });
            try (var client = client()) {
                client.send(request).readHead();
                assertThat(client.readEvent()).isPresent();
            }
            upstream.take().awaitPeerClosed(SOON);
        }
    }

    @Test
    void makesTheUpstreamWaitForASlowReader() throws Exception {
        upstream.next((request, reply) -> reply.floodEvents(64 << 20));
        try (var client = client()) {
            client.send(chat(CHAT, STREAM)).readHead();
            assertThat(client.readEvent()).isPresent();
            var request = upstream.take();
            long before;
            do {
                before = request.written().value();
                pause(300);
            } while (request.written().value() > before);
            assertThat(before).isLessThan(24 << 20);
        }
    }

    @Test
    void takesTheCallBackThatTheLimitOfTokensCutOff() throws Exception {
        upstream.next(Script.events(Completions.CUT_OFF));
        String stream = exchange(chat(CHAT, STREAM)).text();
        assertThat(stream).contains("\"finish_reason\":\"length\"").contains("\"arguments\":\"{\\\"city\\\":[\\\"P\"");
        upstream.take();
        upstream.next(json(200, Messages.message("again")));
        exchange(
                chat(
                        CHAT,
                        """
                {"model":"gpt-test","tools":[{"type":"function","function":{"name":"look"}}],"messages":[\
                {"role":"user","content":"u"},{"role":"assistant","tool_calls":[{"id":"toolu_1","type":"function",\
                "function":{"name":"look","arguments":"{\\"city\\":[\\"P"}}]},\
                {"role":"tool","tool_call_id":"toolu_1","content":"no"}]}"""));
        assertThat(upstream.take().text())
                .contains("\"name\":\"look\",\"input\":{\"arguments\":\"{\\\"city\\\":[\\\"P\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"tools\":[]", ",\"tool_choice\":\"none\""})
    void sendsTheCalledToolsOfAConversationWhereNoneAreListed(String members) throws Exception {
        upstream.next(json(200, Messages.message("A title")));
        var answer = exchange(chat(
                CHAT,
                """
                {"model":"gpt-test","messages":[{"role":"user","content":"u"},{"role":"assistant","tool_calls":[\
                {"id":"a","type":"function","function":{"name":"look","arguments":"{}"}}]},\
                {"role":"tool","tool_call_id":"a","content":"r"},{"role":"user","content":"Name it."}]"""
                        + members + "}"));
        assertThat(Completions.text(answer)).isEqualTo("A title");
        assertThat(upstream.take().text())
                .contains("\"tools\":[{\"name\":\"look\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}]")
                .contains("\"tool_choice\":{\"type\":\"none\"}");
    }

    @EachRow({
        "T04 | messages | [{'role':'system','content':' '}]",
        "T06 | messages[0].role | [{'role':'assistant','content':'a'},{'role':'user','content':'u'}]",
        "T22 | messages[1].tool_call_id | [U,{'role':'tool','tool_call_id':'a','content':'r'}]",
        "T24 | messages[0].content[0].image_url.url | [{'role':'user','content':[{'type':'image_url',"
                + "'image_url':{'url':'data:image/png;base64,SUkqAAgAAAA='}}]}]",
        "T26 | messages[0].content[0].type | [{'role':'user','content':[{'type':'input_audio'}]}]",
        "T29 | logprobs | [U],'logprobs':true",
        "T30 | messages | []",
        "end | messages[1].role | [U,{'role':'assistant','content':'a'}]",
        "twice | `` | [U],'stop':'a','stop':'b'",
    })
    void sendsNothingOfARowThatIsRefused(String row, String param, String messages) throws Exception {
        String body = "{'model':'gpt-test','messages':" + messages + "}";
        refused(body.replace("[U", "[" + "{'role':'user','content':'u'}").replace('\'', '"'), 400, param, "");
        assertThat(upstream.requests()).as(row).isEmpty();
    }

    private void refused(String body, int status, String param, String code) throws Exception {
        var error =
                Answers.json(assertStatus(status, exchange(chat(CHAT, body)))).getJsonObject("error");
        assertThat(error.getString("type")).isEqualTo("invalid_request_error");
        assertThat(error.getString("param", "")).as(body).isEqualTo(param);
        assertThat(error.getString("code", "")).as(body).isEqualTo(code);
    }

    private static RawRequest chat(String target, String json) {
        return RawRequest.of("POST", target).bearer(ACCESS_TOKEN).json(json);
    }

    private static String withoutTime(RawResponse answer) {
        return answer.text().replaceAll("\"created\":\\d+", "\"created\":0");
    }
}
