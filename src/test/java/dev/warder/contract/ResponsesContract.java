package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.EachRow;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import jakarta.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of the Responses API go up as messages and come back as responses, whole or event by event (rules "Errors of the
 * upstream", "Streams that break", "Paths that are served" and "Translated requests").
 */
class ResponsesContract extends DeployedContract {
    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES)
                .with("stream.keepAlive", "0s")
                .with("limits.body", "2m")
                .with("limits.event", "64k");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/responses", "/openai/v1/responses", "/v1/v1/responses"})
    void sendsAMessageAndReturnsAResponse(String path) throws Exception {
        upstream.next(json(200, Messages.message("Servus")));
        var request = Completions.authenticated("POST", path + "?beta=true").json(Responses.WHOLE);
        var answer = exchange(request.field("anthropic-version", "2024-01-01"));

        var sent = upstream.take();
        assertThat(sent.target()).isEqualTo("/v1/messages?beta=true");
        assertFields(sent.fields(), "x-api-key", MANAGED_KEY, "anthropic-version", "2023-06-01");
        assertThat(sent.text())
                .contains("\"model\":\"" + Completions.MODEL + "\"", "{\"type\":\"text\",\"text\":\"Grüß dich\"}");
        assertThat(Responses.text(answer)).isEqualTo("Servus");
        assertThat(answer.fields().values("content-type")).containsExactly("application/json");
        var response = Answers.json(answer);
        assertThat(response.getString("object")).isEqualTo("response");
        assertThat(response.getString("status")).isEqualTo("completed");
        assertThat(response.getString("model")).isEqualTo(Completions.ALIAS);
        assertThat(accessLine(id(answer)))
                .contains("dialect=openai", "model=" + Completions.MODEL, "status=200", "end=ok");
    }

    @Test
    void keepsWhatCodexStatesAboutItself() throws Exception {
        upstream.next(json(200, Messages.message("x")));
        var answer = exchange(Responses.request(Responses.WHOLE)
                .field("session-id", "conversation-7")
                .field("thread-id", "thread-7")
                .field("originator", "codex_exec")
                .field("x-codex-window-id", "window-7"));
        var fields = upstream.take().fields();
        for (String name : List.of("session-id", "thread-id", "originator", "x-codex-window-id")) {
            assertThat(fields.has(name)).as(name).isFalse();
        }
        assertThat(accessLine(id(answer))).contains("session=conversation-7");
    }

    @Test
    void namesWhatItLeavesOut() throws Exception {
        upstream.next(json(200, Messages.message("x")));
        var answer = exchange(Responses.request(Responses.WHOLE.replace("{\"model\"", "{\"unheard\":1,\"model\"")));
        assertThat(answer.fields().first("X-Warder-Ignored").orElseThrow()).contains("unheard");
        upstream.take();
    }

    @Test
    void takesTheCallBackThatTheLimitOfTokensCutOff() throws Exception {
        upstream.next(Script.events(Completions.CUT_OFF));
        var cut = Responses.last(exchange(Responses.request(Responses.STREAM)).text())
                .getJsonObject("response");
        assertThat(cut.getString("status")).isEqualTo("incomplete");
        upstream.take();
        upstream.next(json(200, Messages.message("again")));
        // As the SDK's types have it: the status of an item that is sent is optional.
        String call = cut.getJsonArray("output").getValuesAs(JsonObject.class).stream()
                .filter(item -> item.getString("type").equals("function_call"))
                .findFirst()
                .orElseThrow()
                .toString()
                .replace(",\"status\":\"incomplete\"", "");
        exchange(Responses.request(
                "{\"model\":\"" + Completions.ALIAS + "\",\"input\":[{\"role\":\"user\",\"content\":\"u\"}," + call
                        + ",{\"type\":\"function_call_output\",\"call_id\":\"toolu_1\",\"output\":\"no\"}]}"));
        assertThat(upstream.take().text())
                .contains("\"name\":\"look\",\"input\":{\"arguments\":\"{\\\"city\\\":[\\\"P\"}");
    }

    /** The client sends back what it got, as Codex does: the API goes on with the turn, and later turns have its search. */
    @Test
    void goesOnWithATurnThatThePauseOfASearchEnded() throws Exception {
        String use =
                "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"web_search\",\"input\":{\"query\":\"q\"}}";
        String found = "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"srvtoolu_1\",\"content\":[]}";
        String user = "{\"role\":\"user\",\"content\":\"u\"}";

        var paused = searched(user, use, "pause_turn");
        upstream.take();
        assertThat(paused.getString("status")).isEqualTo("incomplete");
        assertThat(paused.getJsonObject("incomplete_details").getString("reason"))
                .isEqualTo("pause_turn");

        String history = user + "," + items(paused);
        var whole = searched(history, found + ",{\"type\":\"text\",\"text\":\"So.\"}", "end_turn");
        assertThat(upstream.take().text()).contains("{\"role\":\"assistant\",\"content\":[" + use + "]}]");
        assertThat(whole.getString("status")).isEqualTo("completed");

        searched(history + "," + items(whole) + "," + user, "{\"type\":\"text\",\"text\":\"Yes.\"}", "end_turn");
        assertThat(upstream.take().text()).contains("[" + use + "," + found + ",{\"type\":\"text\",\"text\":\"So.\"}]");
    }

    /** The response to this input where the upstream's has these blocks. */
    private JsonObject searched(String input, String blocks, String reason) throws Exception {
        upstream.next(json(
                200,
                Messages.message("")
                        .replace("{\"type\":\"text\",\"text\":\"\"}", blocks)
                        .replace("end_turn", reason)));
        return Answers.json(exchange(Responses.request("{\"model\":\"" + Completions.ALIAS
                + "\",\"include\":[\"reasoning.encrypted_content\"],\"input\":[" + input + "]}")));
    }

    private static String items(JsonObject response) {
        String array = response.getJsonArray("output").toString();
        return array.substring(1, array.length() - 1);
    }

    @Test
    void countsTheTokensOfAnInput() throws Exception {
        upstream.next(json(200, "{\"input_tokens\":17}"));
        var answer = exchange(
                Completions.authenticated("POST", "/v1/responses/input_tokens").json(Responses.WHOLE));
        assertThat(answer.text()).isEqualTo("{\"object\":\"response.input_tokens\",\"input_tokens\":17}");
        var sent = upstream.take();
        assertThat(sent.target()).isEqualTo("/v1/messages/count_tokens");
        assertThat(sent.text()).doesNotContain("max_tokens", "stream");
    }

    @Test
    void storesNothingAndServesNothingStored() throws Exception {
        for (String endpoint : List.of("GET /v1/responses/resp_1", "DELETE /v1/responses/resp_1")) {
            var asked = endpoint.split(" ", 2);
            var answer = exchange(Completions.authenticated(asked[0], asked[1]));
            assertThat(Completions.refused(answer, 404, "invalid_request_error", "not_found_error"))
                    .contains("stores no responses");
        }
        var answer = assertStatus(405, exchange(Completions.authenticated("GET", Responses.PATH)));
        assertThat(answer.fields().values("allow")).containsExactly("POST");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void sendsEachEventBeforeTheNextIsWritten() throws Exception {
        var read = latch();
        upstream.next(
                Script.events(Messages.start() + Messages.delta("one"), read, Messages.delta("two") + Messages.end()));
        try (var client = client()) {
            var head = client.send(Responses.request(Responses.STREAM)).readHead();
            assertThat(head.fields().first("Content-Type").orElse("").replace(" ", ""))
                    .isEqualTo("text/event-stream;charset=utf-8");
            String data;
            do {
                data = client.readEvent().orElseThrow().data();
            } while (!data.contains("response.output_text.delta"));
            assertThat(data).contains("\"delta\":\"one\"");
            read.countDown();
            String rest = client.readBody(head).text();
            assertThat(Responses.streamedText(rest)).isEqualTo("two");
            var last = Responses.last(rest);
            assertThat(last.getString("type")).isEqualTo("response.completed");
            assertThat(Responses.text(last.getJsonObject("response"))).isEqualTo("onetwo");
            assertThat(rest).doesNotContain("[DONE]");
            assertThat(accessLine(head.fields())).containsPattern("status=200 .* end=ok");
        }
    }

    @Test
    void sendsEventsOfAWholeMessageToAClientThatAskedForThem() throws Exception {
        upstream.next(json(200, Messages.message("Servus")));
        var answer = exchange(Responses.request(Responses.STREAM));
        assertThat(Responses.streamedText(answer.text())).isEqualTo("Servus");
        assertThat(Responses.last(answer.text()).getString("type")).isEqualTo("response.completed");
        upstream.take();
    }

    @Test
    void endsAStreamThatBreaksAsAFailedResponse() throws Exception {
        upstream.next(Script.cutEvents(
                Messages.start() + Messages.delta("half"), "event: content_block_delta\ndata: {\"type\":\"content_bl"));
        var answer = exchange(Responses.request(Responses.STREAM));
        assertThat(Responses.text(Responses.brokenOff(answer.text(), "half", "server_error")))
                .isEqualTo("half");
        assertThat(accessLine(id(answer))).contains("end=upstream-lost");
    }

    @Test
    void endsAStreamThatTheUpstreamEndsEarly() throws Exception {
        upstream.next(Script.events(Messages.start() + Messages.delta("half")));
        var answer = exchange(Responses.request(Responses.STREAM));
        Responses.brokenOff(answer.text(), "half", "server_error");
        assertThat(accessLine(id(answer))).contains("end=error");
    }

    @ParameterizedTest
    @CsvSource({
        "overloaded_error, server_error",
        "billing_error, insufficient_quota",
        "rate_limit_error, rate_limit_exceeded"
    })
    void sendsAnErrorInMidStreamAndNothingAfterIt(String type, String code) throws Exception {
        upstream.next(Script.events(
                Messages.start() + Messages.delta("half"),
                Messages.event("error", Messages.error(type, "Too much.")),
                Messages.delta("late")));
        var response = Responses.brokenOff(
                exchange(Responses.request(Responses.STREAM)).text(), "half", code);
        assertThat(response.getJsonObject("error").getString("message")).contains("Too much.");
    }

    @Test
    void refusesAnEventThatIsTooLargeAndLetsGoOfTheUpstream() throws Exception {
        upstream.next(Script.heldEvents(latch(), Messages.start(), Messages.delta("x".repeat(100_000))));
        Responses.brokenOff(exchange(Responses.request(Responses.STREAM)).text(), "", "server_error");
        upstream.take().awaitPeerClosed(SOON);
    }

    /** The output so far is kept for the last event, so that it has a limit. */
    @Test
    void failsAResponseThatIsLargerThanTheLimit() throws Exception {
        String delta = Messages.delta("x".repeat(32 * 1024));
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            for (int i = 0; i < 100; i++) {
                reply.chunk(delta);
            }
            reply.await(latch());
        });
        var last = Responses.last(exchange(Responses.request(Responses.STREAM)).text());
        assertThat(last.getString("type")).isEqualTo("response.failed");
        assertThat(last.getJsonObject("response").getJsonObject("error").getString("message"))
                .contains("larger than the limit");
        upstream.take().awaitPeerClosed(SOON);
    }

    @Test
    void sendsALongResponseWholeAndTwice() throws Exception {
        String delta = Messages.delta("0123456789abcdef".repeat(64));
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            for (int i = 0; i < 1_000; i++) {
                reply.chunk(delta);
            }
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        var answer = exchange(Responses.request(Responses.STREAM));
        String text = Responses.streamedText(answer.text());
        assertThat(text).hasSize(1_024_000);
        var last = Responses.last(answer.text());
        assertThat(last.getString("type")).isEqualTo("response.completed");
        assertThat(Responses.text(last.getJsonObject("response")).equals(text)).isTrue();
        upstream.take();
    }

    @Test
    void sendsTheSameHoweverTheStreamIsCut() throws Exception {
        String events = Messages.start() + Messages.ping() + Messages.delta("grüß 🌍") + Messages.end();
        upstream.next(Script.events(events));
        String whole = withoutTime(exchange(Responses.request(Responses.STREAM)));
        assertThat(whole).contains("grüß 🌍");
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.dribbleChunks(utf8(events.replace("\n", "\r\n")));
            reply.lastChunk();
        });
        assertThat(withoutTime(exchange(Responses.request(Responses.STREAM)))).isEqualTo(whole);
    }

    @EachRow({
        "previous_response_id | 'previous_response_id':'resp_1','input':'x'",
        "conversation         | 'conversation':'conv_1','input':'x'",
        "background           | 'background':true,'input':'x'",
        "prompt               | 'prompt':{'id':'p'},'input':'x'",
        "input                | 'instructions':'x'",
        "input[0]             | 'input':[{'type':'item_reference','id':'msg_1'}]",
        "input[1]             | 'input':[{'role':'user','content':'x'},{'type':'function_call_output',"
                + "'call_id':'c','output':'o'}]",
    })
    void sendsNothingOfWhatCannotBeTranslated(String param, String members) throws Exception {
        var answer = exchange(Responses.request("{\"model\":\"gpt-test\"," + members.replace('\'', '"') + "}"));
        Completions.refused(answer, 400, "invalid_request_error", "");
        assertThat(Answers.json(answer).getJsonObject("error").getString("param"))
                .startsWith(param);
        assertThat(upstream.requests()).isEmpty();
    }

    private static String withoutTime(RawResponse answer) {
        return answer.text().replaceAll("_at\":\\d+", "_at\":0");
    }
}
