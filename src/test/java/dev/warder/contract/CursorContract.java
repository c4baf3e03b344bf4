package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The form of requests that Cursor sends to an endpoint of chat completions for a model whose name contains {@code claude}:
 * tools and content blocks as in the Messages API, and everything else as in OpenAI's. Its responses are those of OpenAI's API.
 */
class CursorContract extends DeployedContract {
    private static final String TOOLS =
            """
            'tools': [
              {'name': 'read_file', 'description': 'Reads a file.', 'input_schema':
                {'type': 'object', 'properties': {'path': {'type': 'string'}}, 'required': ['path']}},
              {'name': 'screenshot', 'input_schema': {'type': 'object', 'properties': {}},
                'cache_control': {'type': 'ephemeral'}}],
            'tool_choice': {'type': 'auto'}""";

    private static final String SYSTEM = "{'role': 'system', 'content': 'You edit code.'}";
    private static final String QUESTION =
            "{'role': 'user', 'content': [{'type': 'text', 'text': 'Mend it.', 'cache_control': {'type': 'ephemeral'}}]}";

    private static final ApiMessage TWO_CALLS = ApiMessage.asked(
            ApiBlock.thinking("Both files."),
            ApiBlock.text("I shall look."),
            ApiBlock.toolUse("toolu_01a", "read_file", "{\"path\": \"a", ".ts\"}"),
            ApiBlock.toolUse("toolu_01b", "read_file", "{\"path\": \"b.ts\"}"));
    private static final ApiMessage ONE_CALL = ApiMessage.asked(ApiBlock.toolUse("toolu_01c", "screenshot"));
    private static final ApiMessage DONE = ApiMessage.said(ApiBlock.text("All ", "done."));

    @Override
    Deployment configured(Deployment plain) {
        return plain;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void worksForASessionOfSeveralCalls(boolean streams) throws Exception {
        for (var message : List.of(TWO_CALLS, ONE_CALL, DONE)) {
            upstream.next(streams ? message.streamed() : message.whole());
        }
        var messages = new ArrayList<>(List.of(SYSTEM, QUESTION));
        var first = calls(ask(messages, streams), streams);
        assertThat(first)
                .containsExactly("toolu_01a read_file {\"path\":\"a.ts\"}", "toolu_01b read_file {\"path\":\"b.ts\"}");
        messages.add("{'role': 'assistant', 'content': [{'type': 'text', 'text': 'I shall look.'}, "
                + use("toolu_01a", "read_file", "{'path': 'a.ts'}") + ", "
                + use("toolu_01b", "read_file", "{'path': 'b.ts'}") + "]}");
        messages.add("{'role': 'user', 'content': [{'type': 'text', 'text': 'Go on.'},"
                + " {'type': 'tool_result', 'tool_use_id': 'toolu_01b', 'is_error': true, 'content': 'no file'},"
                + " {'type': 'tool_result', 'tool_use_id': 'toolu_01a', 'content': [{'type': 'text', 'text': 'a = 1'}],"
                + " 'cache_control': {'type': 'ephemeral'}}]}");
        assertThat(calls(ask(messages, streams), streams)).containsExactly("toolu_01c screenshot {}");
        messages.add("{'role': 'assistant', 'content': [" + use("toolu_01c", "screenshot", "{}") + "]}");
        messages.add("{'role': 'user', 'content': [{'type': 'tool_result', 'tool_use_id': 'toolu_01c', 'content':"
                + " [{'type': 'image', 'source': {'type': 'base64', 'media_type': 'image/jpeg', 'data': '"
                + OpenAiGround.PNG
                + "'}}]}]}");
        var last = ask(messages, streams);
        assertThat(streams ? Completions.streamedText(last.text()) : Completions.text(last))
                .isEqualTo("All done.");
        checkSent();
    }

    private void checkSent() throws InterruptedException {
        var first = SentMessage.of(upstream.take());
        assertThat(first.json().getJsonArray("tools").toString()).contains("\"input_schema\"", "\"cache_control\"");
        var second = SentMessage.of(upstream.take());
        assertThat(second.blocks(1)).containsExactly(block(TWO_CALLS, 1), block(TWO_CALLS, 2), block(TWO_CALLS, 3));
        assertThat(second.blocks(2))
                .containsExactly(
                        object(
                                "{'type': 'tool_result', 'tool_use_id': 'toolu_01b', 'content': [{'type': 'text', 'text':"
                                        + " 'no file'}], 'is_error': true}"),
                        object(
                                "{'type': 'tool_result', 'tool_use_id': 'toolu_01a', 'content': [{'type': 'text', 'text':"
                                        + " 'a = 1'}], 'cache_control': {'type': 'ephemeral'}}"),
                        object("{'type': 'text', 'text': 'Go on.'}"));
        var third = SentMessage.of(upstream.take());
        assertThat(third.json().getJsonArray("messages")).hasSize(5);
        assertThat(third.json().getJsonArray("messages").subList(0, 3))
                .isEqualTo(second.json().getJsonArray("messages"));
        assertThat(third.blocks(3)).containsExactly(block(ONE_CALL, 0));
        assertThat(third.blocks(4).toString())
                .contains("\"toolu_01c\"", "\"image/png\"", OpenAiGround.PNG)
                .doesNotContain("jpeg");
        assertThat(upstream.requests()).hasSize(3);
    }

    @Test
    void sendsThinkingBackAsItCame() throws Exception {
        upstream.next(DONE.whole());
        var thought = ApiMessage.asked(
                ApiBlock.thinking("Hm."), ApiBlock.redacted("c2VjcmV0"), ApiBlock.toolUse("toolu_01c", "screenshot"));
        var blocks =
                thought.content().stream().map(each -> each.whole().toString()).collect(Collectors.joining(", "));
        ask(
                List.of(
                        QUESTION,
                        "{'role': 'assistant', 'content': [" + blocks + "]}",
                        "{'role': 'user', 'content': [{'type': 'tool_result', 'tool_use_id': 'toolu_01c'}]}"),
                false);
        assertThat(SentMessage.of(upstream.take()).blocks(1))
                .containsExactly(block(thought, 0), block(thought, 1), block(thought, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type': 'tool_result', 'tool_use_id': 'toolu_0'} | tool_use_id",
                "{'type': 'server_tool_use', 'id': 's', 'name': 'web_search', 'input': {}} | type",
                "{'type': 'search_result', 'source': 's'} | type"
            })
    void namesTheBlockThatCannotPass(String block, String member) throws Exception {
        var answer = exchange(Completions.request(json(
                "{'model': '" + ApiMessage.MODEL + "', 'messages': [{'role': 'user', 'content': [" + block + "]}]}")));
        Completions.refused(answer, 400, "invalid_request_error", "");
        assertThat(Answers.json(answer).getJsonObject("error").getString("param"))
                .isEqualTo("messages[0].content[0]." + member);
        assertThat(upstream.requests()).isEmpty();
    }

    private RawResponse ask(List<String> messages, boolean streams) throws Exception {
        var answer = exchange(Completions.request(json("{'model': '" + ApiMessage.MODEL + "', 'stream': " + streams
                + ", 'max_tokens': 4000, " + TOOLS + ", 'messages': [" + String.join(", ", messages) + "]}")));
        assertStatus(200, answer);
        assertThat(answer.fields().has("X-Warder-Ignored")).isFalse();
        return answer;
    }

    /** The calls of a response, each as id, name and arguments. */
    private static List<String> calls(RawResponse answer, boolean streams) {
        if (!streams) {
            return Answers.json(answer)
                    .getJsonArray("choices")
                    .getJsonObject(0)
                    .getJsonObject("message")
                    .getJsonArray("tool_calls")
                    .getValuesAs(JsonObject.class)
                    .stream()
                    .map(call -> call.getString("id") + " " + function(call).getString("name") + " "
                            + function(call).getString("arguments"))
                    .toList();
        }
        var calls = new ArrayList<String>();
        Completions.frames(answer.text()).stream()
                .flatMap(frame -> frame.getJsonArray("choices").getValuesAs(JsonObject.class).stream())
                .map(choice -> choice.getJsonObject("delta"))
                .filter(delta -> delta.containsKey("tool_calls"))
                .map(delta -> delta.getJsonArray("tool_calls").getJsonObject(0))
                .forEach(call -> {
                    if (call.containsKey("id")) {
                        calls.add(call.getString("id") + " " + function(call).getString("name") + " ");
                    }
                    int index = call.getInt("index");
                    calls.set(
                            index,
                            calls.get(index)
                                    + function(call).getString("arguments").replace(": ", ":"));
                });
        return calls;
    }

    private static JsonObject function(JsonObject call) {
        return call.getJsonObject("function");
    }

    private static String use(String id, String name, String input) {
        return "{'type': 'tool_use', 'id': '" + id + "', 'name': '" + name + "', 'input': " + input + "}";
    }

    private static JsonObject block(ApiMessage message, int index) {
        return message.content().get(index).whole();
    }

    private static JsonObject object(String text) {
        return Answers.json(json(text));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
