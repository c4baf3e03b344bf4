package dev.warder.openai;

import static dev.warder.openai.ChatSample.array;
import static dev.warder.openai.ChatSample.assertJson;
import static dev.warder.openai.ChatSample.messages;
import static dev.warder.openai.ChatSample.messagesRefused;
import static dev.warder.openai.ChatSample.refusal;
import static dev.warder.openai.ChatSample.translated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.ErrorType;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.testkit.EachRow;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages and their parts (rule "Translated requests"). */
class ChatMessagesTest {
    private static final String CALL = "{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': null,"
            + " 'tool_calls': [{'id': 'call_1', 'type': 'function', 'function': {'name': 'f', 'arguments': '%s'}}]}";
    private static final String RESULT = "{'role': 'tool', 'tool_call_id': 'call_1', 'content': 'r'}";

    /** A letter in angle brackets is a block with this text. */
    @EachRow({
        "{'role': 'system', 'content': 'a'}, {'role': 'system', 'content': [<b>]}, {'role': 'user', 'content': 'u'} |"
                + " <a>, <b> | {'role': 'user', 'content': [<u>]}",
        "{'role': 'developer', 'content': 's'}, {'role': 'user', 'content': 'u'} | <s> |"
                + " {'role': 'user', 'content': [<u>]}",
        "{'role': 'user', 'content': 'a'}, {'role': 'user', 'content': 'b'}, {'role': 'assistant', 'content': 'c'},"
                + " {'role': 'assistant', 'content': 'd'}, {'role': 'user', 'content': 'e'} | `` |"
                + " {'role': 'user', 'content': [<a>, <b>]}, {'role': 'assistant', 'content': [<c>, <d>]},"
                + " {'role': 'user', 'content': [<e>]}",
        "{'role': 'user', 'content': [{'type': 'text', 'text': ''}, <a>]}, {'role': 'assistant', 'content': ' \\n'},"
                + " {'role': 'user', 'content': 'b'} | `` | {'role': 'user', 'content': [<a>, <b>]}",
        "{'role': 'user', 'content': 'a'}, {'role': 'assistant'}, {'role': 'assistant', 'content': null,"
                + " 'tool_calls': []}, {'role': 'assistant', 'content': [], 'refusal': ' '},"
                + " {'role': 'user', 'content': 'b'} | `` | {'role': 'user', 'content': [<a>, <b>]}",
    })
    void t02T03T05T07MergeTextsIntoTheSystemAndTurnsInTheirOrder(String messages, String system, String turns) {
        var message = messages("[" + blocks(messages) + "]");
        assertJson(message.getOrDefault("system", JsonValue.EMPTY_JSON_ARRAY), "[" + blocks(system) + "]");
        assertJson(message.get("messages"), "[" + blocks(turns) + "]");
    }

    private static String blocks(String text) {
        return text.replaceAll("<(.)>", "{'type': 'text', 'text': '$1'}");
    }

    @EachRow({
        "[{'role': 'user', 'content': ' '}] | messages",
        "'x' | messages",
        "[1] | messages[0]",
        "[{'content': 'u'}] | messages[0].role",
        "[{'role': 'alien', 'content': 'u'}] | messages[0].role",
        "[{'role': 'user'}] | messages[0].content",
        "[{'role': 'user', 'content': 1}] | messages[0].content",
        "[{'role': 'user', 'content': [1]}] | messages[0].content[0]",
        "[{'role': 'user', 'content': [{'type': 'video'}]}] | messages[0].content[0].type",
        "[{'role': 'user', 'content': [{'type': 'text'}]}] | messages[0].content[0].text",
        "[{'role': 'system', 'content': [{'type': 'image_url'}]}] | messages[0].content[0].type",
        "[{'role': 'user', 'content': 'u'}, {'role': 'assistant', 'audio': {'id': 'a'}}] | messages[1].audio",
    })
    void t04AndT30NameTheMessageAtFault(String messages, String param) {
        var refusal = refusal("{'model': 'claude-sonnet-4-5', 'messages': " + messages + "}");
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.type()).isEqualTo(ErrorType.INVALID_REQUEST);
        assertThat(refusal.param()).contains(param);
    }

    @Test
    void t30NeedsAModelAndMessages() {
        assertThat(refusal("{'messages': []}").param()).contains("model");
        assertThat(refusal("{'model': 'claude-opus-5'}").param()).contains("messages");
    }

    @Test
    void goesOnFromTheAssistantsTextWhereTheModelDoes() {
        var message = messages("[{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b \\n'}]");
        assertJson(
                message.getJsonArray("messages").get(1),
                "{'role': 'assistant', 'content': [{'type': 'text', 'text': 'b'}]}");
    }

    @EachRow({
        "` ` | {}",
        "{} | {}",
        "{\\\"a\\\": [1.50, {\\\"b\\\": null}]} | {'a': [1.50, {'b': null}]}",
    })
    void t19ReadsArguments(String arguments, String input) {
        var message = messages("[" + CALL.formatted(arguments) + ", " + RESULT + "]");
        assertJson(
                message.getJsonArray("messages").get(1),
                "{'role': 'assistant', 'content': [{'type': 'tool_use', 'id': 'call_1', 'name': 'f', 'input': " + input
                        + "}]}");
    }

    /** The API accepts neither of them as they are, and each parser of a client reads them. */
    @EachRow({
        "{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2}, \"a\": [3]} | {'a': [3], 'b': {'c': 2}}",
        "{\"a\": \"\\ud83d\"} | {'a': '\ufffd'}",
        "{\"a\": \"\\\\ud83d \\ud83d\\ud83d\\ude00 \\ude00\", \"a\\ude00\": 2} |"
                + " {'a': '\\\\ud83d \ufffd\ud83d\ude00 \ufffd', 'a\ufffd': 2}",
    })
    void t19ReadsArgumentsThatAreLooselyAnObject(String arguments, String input) {
        var result = called(arguments);
        assertJson(input(result), input);
        assertThat(result.ignored()).isEmpty();
    }

    /** A response that is cut off has such arguments, and the client sends them in each later request. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"a\": \"\\ud83d",
                "{\"a\": 1, \"a",
                "[]",
                "1",
                "null",
                "rm -rf",
                "{} {}",
                "{\"a\": NaN}",
                "{\"a\": 01}",
                "{\"a\": 1e99999999999}"
            })
    void t19KeepsArgumentsThatAreNoObjectAsText(String arguments) {
        var result = called(arguments);
        assertThat(input(result))
                .isEqualTo(JsonTree.newObject().add("arguments", arguments).build());
        assertThat(result.ignored()).containsExactly("arguments");
    }

    private static RequestOutcome.Translated<ChatContext> called(String arguments) {
        String quoted = JsonText.quote(arguments);
        return translated("{'model': 'claude-sonnet-4-5', 'tools': [{'function': {'name': 'f'}}], 'messages': ["
                + CALL.formatted(quoted.substring(1, quoted.length() - 1)) + ", " + RESULT + "]}");
    }

    private static JsonObject input(RequestOutcome.Translated<ChatContext> result) {
        return result.message()
                .getJsonArray("messages")
                .getJsonObject(1)
                .getJsonArray("content")
                .getJsonObject(0)
                .getJsonObject("input");
    }

    @Test
    void t20MergesResultsAndPutsThemFirst() {
        var message = messages("[{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': 'wait',"
                + " 'tool_calls': [{'id': 'a', 'type': 'function', 'function': {'name': 'f', 'arguments': '{}'}},"
                + " {'id': 'b', 'function': {'name': 'f', 'arguments': ''}}]},"
                + " {'role': 'tool', 'tool_call_id': 'b', 'content': 'rb'},"
                + " {'role': 'user', 'content': 'and'}, {'role': 'tool', 'tool_call_id': 'a', 'content': ''}]");
        assertThat(message.getJsonArray("messages").subList(1, 3))
                .isEqualTo(array("[{'role': 'assistant', 'content': [{'type': 'text', 'text': 'wait'},"
                        + " {'type': 'tool_use', 'id': 'a', 'name': 'f', 'input': {}},"
                        + " {'type': 'tool_use', 'id': 'b', 'name': 'f', 'input': {}}]},"
                        + " {'role': 'user', 'content': ["
                        + "{'type': 'tool_result', 'tool_use_id': 'b', 'content': [{'type': 'text', 'text': 'rb'}]},"
                        + " {'type': 'tool_result', 'tool_use_id': 'a'}, {'type': 'text', 'text': 'and'}]}]"));
    }

    /** Calls and results in the form of the Messages API pass with the checks of those in OpenAI's form. */
    @EachRow({
        "[{'type': 'tool_use', 'id': '', 'name': 'f'}] | R | messages[1].content[0].id",
        "[{'type': 'tool_use', 'id': 'a', 'name': 'f'}, {'type': 'tool_use', 'id': 'a', 'name': 'f'}] | R |"
                + " messages[1].content[1].id",
        "[{'type': 'tool_use', 'id': 'a'}] | R | messages[1].content[0].name",
        "[{'type': 'tool_use', 'id': 'a', 'name': 'f g'}] | R | messages[1].content[0].name",
        "[{'type': 'tool_use', 'id': 'a', 'name': 'f', 'input': [1]}] | R | messages[1].content[0].input",
        "[{'type': 'tool_use', 'id': 'a', 'name': 'f'}] | {'type': 'text', 'text': 't'} | messages[1].content[0]",
        "[{'type': 'tool_use', 'id': 'a', 'name': 'f'}] | R, R | messages[2].content[1].tool_use_id",
        "[{'type': 'tool_use', 'id': 'b', 'name': 'f'}] | R | messages[2].content[0].tool_use_id",
        "[{'type': 'tool_use', 'id': 'a', 'name': 'f'}] | {'type': 'tool_result'} | messages[2].content[0].tool_use_id",
        "[{'type': 'tool_use', 'id': 'a', 'name': 'f'}] | {'type': 'tool_result', 'tool_use_id': 'a', 'content': [{'type':"
                + " 'tool_result'}]} | messages[2].content[0].content[0].type",
        "[{'type': 'server_tool_use', 'id': 'a', 'name': 'f', 'input': {}}] | R | messages[1].content[0].type",
        "[{'type': 'thinking'}] | R | messages[1].content[0].thinking",
        "[{'type': 'redacted_thinking'}] | R | messages[1].content[0].data",
    })
    void checksCallsAndResultsInTheFormOfTheMessagesApi(String content, String results, String param) {
        String result = results.replaceAll("\\bR\\b", "{'type': 'tool_result', 'tool_use_id': 'a'}");
        var refusal = messagesRefused("[{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': " + content
                + "}, {'role': 'user', 'content': [" + result + "]}]");
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.param()).contains(param);
    }

    /** The instruction waits, since the API refuses a turn that ends with thinking, and the call belongs to it. */
    @Test
    void keepsThinkingThatAnInstructionSeparatesFromItsCall() {
        String thinking = "{'role': 'assistant', 'content': [{'type': 'thinking', 'thinking': 't', 'signature': 's'}]}";
        String call = "{'role': 'assistant', 'tool_calls': [{'id': 'c', 'function': {'name': 'f', 'arguments': ''}}]}";
        String begin = "[{'role': 'user', 'content': 'q'}, " + thinking + ", {'role': 'developer', 'content': 'd'}";
        var turns = messages(begin + ", " + call + ", {'role': 'tool', 'tool_call_id': 'c', 'content': 'r'}]")
                .getJsonArray("messages");
        assertJson(
                turns.getJsonObject(1).get("content"),
                "[{'type': 'thinking', 'thinking': 't', 'signature': 's'}, {'type': 'tool_use', 'id': 'c', 'name': 'f',"
                        + " 'input': {}}]");
        assertThat(turns.subList(2, turns.size()).toString()).containsSubsequence("\"tool_result\"", "\\nd\\n");
        assertThat(messages(begin + "]").getJsonArray("messages").toString())
                .doesNotContain("signature")
                .contains("\\nd\\n");
    }

    @Test
    void pairsCallsAndResultsOfBothForms() {
        var message = messages(
                "[{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': [{'type': 'tool_use',"
                        + " 'id': 'a b', 'name': 'f', 'input': {'x': 1}}], 'tool_calls': [{'id': 'c', 'function':"
                        + " {'name': 'g', 'arguments': ''}}]}, {'role': 'user', 'content': [{'type': 'tool_result', 'tool_use_id': 'c'},"
                        + " {'type': 'text', 'text': 'and'}]}, {'role': 'tool', 'tool_call_id': 'a b', 'content': 'r'}]");
        var turns = message.getJsonArray("messages");
        String id =
                turns.getJsonObject(1).getJsonArray("content").getJsonObject(0).getString("id");
        assertThat(id).matches("call_[0-9a-f]{32}");
        assertJson(
                turns.getJsonObject(1).get("content"),
                "[{'type': 'tool_use', 'id': '" + id
                        + "', 'name': 'f', 'input': {'x': 1}}, {'type': 'tool_use', 'id': 'c',"
                        + " 'name': 'g', 'input': {}}]");
        assertJson(
                turns.getJsonObject(2).get("content"),
                "[{'type': 'tool_result', 'tool_use_id': 'c'}, {'type': 'tool_result', 'tool_use_id': '" + id
                        + "', 'content': [{'type': 'text', 'text': 'r'}]}, {'type': 'text', 'text': 'and'}]");
    }

    /** The API refuses thinking that it did not sign, a turn that ends with thinking, and thinking with a breakpoint. */
    @EachRow({
        "{'type': 'thinking', 'thinking': 't', 'signature': 's', 'cache_control': {'type': 'ephemeral'}}, <a> |"
                + " {'type': 'thinking', 'thinking': 't', 'signature': 's'}, <a> | cache_control",
        "{'type': 'thinking', 'thinking': 't', 'signature': ''}, <a> | <a> | thinking",
        "<a>, {'type': 'redacted_thinking', 'data': 'd'} | <a> | thinking",
    })
    void sendsThinkingThatTheApiAccepts(String content, String sent, String ignored) {
        var result = translated("{'model': 'claude-opus-5', 'messages': [{'role': 'user', 'content': 'q'}, {'role':"
                + " 'assistant', 'content': [" + blocks(content) + "]}, {'role': 'user', 'content': 'r'}]}");
        assertJson(result.message().getJsonArray("messages").getJsonObject(1).get("content"), "[" + blocks(sent) + "]");
        assertThat(result.ignored()).containsExactly(ignored);
    }

    /** A budget of thinking may go on in a loop of tool calls that began with thinking. */
    @Test
    void thinksOnAfterACallThatThinkingLedTo() {
        String request =
                "{'model': 'claude-sonnet-4-5', 'max_tokens': 9000, 'reasoning_effort': 'high', 'messages': [{'role':"
                        + " 'user', 'content': 'q'}, {'role': 'assistant', 'content': [%s{'type': 'tool_use', 'id': 'a', 'name': 'f',"
                        + " 'input': {}}]}, {'role': 'user', 'content': [{'type': 'tool_result', 'tool_use_id': 'a'}]}]}";
        String thought = "{'type': 'thinking', 'thinking': 't', 'signature': 's'}, ";
        assertThat(translated(request.formatted(thought))
                        .message()
                        .getJsonObject("thinking")
                        .getString("type"))
                .isEqualTo("enabled");
        assertThat(translated(request.formatted("")).message()).doesNotContainKey("thinking");
    }

    @Test
    void t21TakesAnImageForAResult() {
        var message = messages("[" + CALL.formatted("") + ", {'role': 'tool', 'tool_call_id': 'call_1', 'content':"
                + " [{'type': 'text', 'text': 't'}, {'type': 'image_url', 'image_url':"
                + " {'url': 'data:image/png;base64,iVBORw0KGgoA'}}]}]");
        assertJson(
                message.getJsonArray("messages")
                        .getJsonObject(2)
                        .getJsonArray("content")
                        .get(0),
                "{'type': 'tool_result', 'tool_use_id': 'call_1', 'content': [{'type': 'text', 'text': 't'}, {'type':"
                        + " 'image', 'source': {'type': 'base64', 'media_type': 'image/png', 'data': 'iVBORw0KGgoA'}}]}");
    }

    @Test
    void t22RefusesAResultThatNothingAskedFor() {
        assertThat(messagesRefused("[{'role': 'user', 'content': 'u'}, " + RESULT + "]")
                        .param())
                .contains("messages[1].tool_call_id");
        assertThat(messagesRefused("[" + CALL.formatted("") + ", " + RESULT + ", " + RESULT + "]")
                        .param())
                .contains("messages[3].tool_call_id");
    }

    @Test
    void refusesCallsThatNothingAnswers() {
        assertThat(messagesRefused("[" + CALL.formatted("") + "]").param()).contains("messages[1].tool_calls");
        assertThat(messagesRefused("[" + CALL.formatted("") + ", {'role': 'user', 'content': 'u'},"
                                + " {'role': 'assistant', 'content': 'a'}]")
                        .param())
                .contains("messages[1].tool_calls");
    }

    @Test
    void t20TakesCallsOfOneTurnInSeveralMessages() {
        var message = messages("[{'role': 'user', 'content': 'q'},"
                + " {'role': 'assistant', 'tool_calls': [{'id': 'a', 'function': {'name': 'f', 'arguments': ''}}]},"
                + " {'role': 'assistant', 'tool_calls': [{'id': 'b', 'function': {'name': 'f', 'arguments': ''}}]},"
                + " {'role': 'tool', 'tool_call_id': 'a', 'content': 'ra'},"
                + " {'role': 'tool', 'tool_call_id': 'b', 'content': 'rb'}]");
        assertThat(message.getJsonArray("messages").subList(1, 3))
                .isEqualTo(array("[{'role': 'assistant', 'content': [{'type': 'tool_use', 'id': 'a', 'name': 'f',"
                        + " 'input': {}}, {'type': 'tool_use', 'id': 'b', 'name': 'f', 'input': {}}]},"
                        + " {'role': 'user', 'content': [{'type': 'tool_result', 'tool_use_id': 'a',"
                        + " 'content': [{'type': 'text', 'text': 'ra'}]}, {'type': 'tool_result',"
                        + " 'tool_use_id': 'b', 'content': [{'type': 'text', 'text': 'rb'}]}]}]"));
    }

    @Test
    void givesAnIdThatIsUsedAgainOneOfItsOwn() {
        String round = CALL.formatted("") + ", " + RESULT;
        var turns = messages("[" + round + ", " + round + "]").getJsonArray("messages");
        var ids = new ArrayList<String>();
        for (int i = 0; i < 4; i += 2) {
            var use = turns.getJsonObject(i + 1).getJsonArray("content").getJsonObject(0);
            var result = turns.getJsonObject(i + 2).getJsonArray("content").getJsonObject(0);
            assertThat(result.getString("tool_use_id")).isEqualTo(use.getString("id"));
            ids.add(use.getString("id"));
        }
        assertThat(ids).doesNotHaveDuplicates().first().isEqualTo("call_1");
    }

    @Test
    void t23KeepsADeprecatedCallApartFromAnotherOfItsId() {
        assertThat(messagesRefused("[{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'tool_calls': [{'id':"
                                + " 'call_messages_1_', 'function': {'name': 'f'}}], 'function_call': {'name': 'f'}}]")
                        .param())
                .contains("messages[1].function_call");
    }

    @Test
    void t23AnswersTheFirstOpenCallOfTheName() {
        var message = messages(
                "[{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'tool_calls': [{'id': 'a', 'function':"
                        + " {'name': 'f'}}, {'id': 'b', 'function': {'name': 'g'}}, {'id': 'c', 'function': {'name':"
                        + " 'f'}}]}, {'role': 'tool', 'tool_call_id': 'a', 'content': 'ra'}, {'role': 'function', 'name':"
                        + " 'f', 'content': 'rc'}, {'role': 'function', 'name': 'g', 'content': 'rb'}]");
        assertThat(message.getJsonArray("messages")
                        .getJsonObject(2)
                        .getJsonArray("content")
                        .getValuesAs(result -> result.asJsonObject().getString("tool_use_id")))
                .containsExactly("a", "c", "b");
    }

    @Test
    void t23GivesDeprecatedCallsAnId() {
        var message = messages(
                "[{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': null, 'function_call': {'name':"
                        + " 'f', 'arguments': '{}'}}, {'role': 'function', 'name': 'f', 'content': 'r'}]");
        assertThat(message.getJsonArray("messages").subList(1, 3))
                .isEqualTo(array("[{'role': 'assistant', 'content': [{'type': 'tool_use', 'id': 'call_messages_1_',"
                        + " 'name': 'f', 'input': {}}]}, {'role': 'user', 'content': [{'type': 'tool_result',"
                        + " 'tool_use_id': 'call_messages_1_', 'content': [{'type': 'text', 'text': 'r'}]}]}]"));
        assertThat(messagesRefused("[{'role': 'user', 'content': 'q'},"
                                + " {'role': 'function', 'name': 'f', 'content': 'r'}]")
                        .param())
                .contains("messages[1].name");
    }

    @Test
    void replacesAnIdThatTheApiRefuses() {
        var message = messages(
                "[{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'tool_calls': [{'id': 'f:0', 'function':"
                        + " {'name': 'f', 'arguments': ''}}]}, {'role': 'tool', 'tool_call_id': 'f:0', 'content': 'r'}]");
        var turns = message.getJsonArray("messages");
        String id =
                turns.getJsonObject(1).getJsonArray("content").getJsonObject(0).getString("id");
        assertThat(id).matches("call_[0-9a-f]{32}");
        assertThat(turns.getJsonObject(2)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getString("tool_use_id"))
                .isEqualTo(id);
    }

    @Test
    void t33KeepsCacheMarks() {
        var message = messages("[{'role': 'system', 'content': [{'type': 'text', 'text': 's',"
                + " 'cache_control': {'type': 'ephemeral'}}]}, {'role': 'user', 'content': [{'type': 'text',"
                + " 'text': 'u', 'cache_control': {'type': 'ephemeral', 'ttl': '1h'}}]}]");
        assertJson(message.get("system"), "[{'type': 'text', 'text': 's', 'cache_control': {'type': 'ephemeral'}}]");
        assertJson(
                message.getJsonArray("messages").get(0),
                "{'role': 'user', 'content': [{'type': 'text', 'text': 'u',"
                        + " 'cache_control': {'type': 'ephemeral', 'ttl': '1h'}}]}");
    }

    @Test
    void t34AndT35ListWhatAMessageHasBeside() {
        var result = translated("{'model': 'claude-opus-5', 'messages': [{'role': 'user', 'name': 'editor',"
                + " 'content': 'u'}, {'role': 'assistant', 'content': [{'type': 'text', 'text': 'a'},"
                + " {'type': 'refusal', 'refusal': 'b'}], 'refusal': null, 'annotations': [], 'reasoning_content': 'x',"
                + " 'audio': null}, {'role': 'assistant', 'refusal': 'no'}, {'role': 'user', 'content': 'v'}]}");
        assertThat(result.ignored()).containsExactly("annotations", "name", "reasoning_content");
        assertJson(
                result.message().getJsonArray("messages").get(1),
                "{'role': 'assistant', 'content': [{'type': 'text', 'text': 'a'}, {'type': 'text', 'text': 'b'},"
                        + " {'type': 'text', 'text': 'no'}]}");
    }

    @Test
    void t16TakesInputForMessages() {
        var result = translated("{'model': 'claude-opus-5', 'input': [{'role': 'user', 'content': [{'type':"
                + " 'input_text', 'text': 'u'}]}]}");
        assertJson(result.message().get("messages"), "[{'role': 'user', 'content': [{'type': 'text', 'text': 'u'}]}]");
        assertJson(
                translated("{'model': 'claude-opus-5', 'input': 'u'}").message().get("messages"),
                "[{'role': 'user', 'content': [{'type': 'text', 'text': 'u'}]}]");
    }
}
