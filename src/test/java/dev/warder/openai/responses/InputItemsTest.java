package dev.warder.openai.responses;

import static dev.warder.openai.ChatSample.assertJson;
import static dev.warder.openai.responses.ItemsSample.CALL;
import static dev.warder.openai.responses.ItemsSample.NEW;
import static dev.warder.openai.responses.ItemsSample.OUTPUT;
import static dev.warder.openai.responses.ItemsSample.USER;
import static dev.warder.openai.responses.ItemsSample.ignored;
import static dev.warder.openai.responses.ItemsSample.items;
import static dev.warder.openai.responses.ItemsSample.messages;
import static dev.warder.openai.responses.ItemsSample.request;
import static dev.warder.openai.responses.ItemsSample.translated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.EachRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Items of the input become turns and system blocks. */
class InputItemsTest {
    @Test
    void messagesOfAllFormsBecomeTurns() {
        var result = items("{'role': 'user', 'content': 'a'},"
                + "{'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': 'b'}]},"
                + "{'type': 'message', 'id': 'msg_1', 'status': 'completed', 'role': 'assistant', 'content': ["
                + "{'type': 'output_text', 'text': 'c', 'annotations': [], 'logprobs': []},"
                + "{'type': 'refusal', 'refusal': 'd'}]}, {'role': 'user', 'content': 'e'}");
        assertJson(
                result.message().get("messages"),
                "[{'role': 'user', 'content': [{'type': 'text', 'text': 'a'}, {'type': 'text', 'text': 'b'}]},"
                        + "{'role': 'assistant', 'content': [{'type': 'text', 'text': 'c'}, {'type': 'text', 'text': 'd'}]},"
                        + "{'role': 'user', 'content': [{'type': 'text', 'text': 'e'}]}]");
        assertThat(result.ignored()).isEmpty();
    }

    @Test
    void instructionsAndDeveloperItemsAreTheSystemPrompt() {
        var result = translated(request(
                NEW,
                "[{'role': 'developer', 'content': 'b'},"
                        + "{'role': 'system', 'content': [{'type': 'input_text', 'text': 'c'}]},"
                        + "{'role': 'user', 'content': 'x'}]",
                "'instructions': 'a'"));
        assertJson(
                result.message().get("system"),
                "[{'type': 'text', 'text': 'a'}, {'type': 'text', 'text': 'b'}, {'type': 'text', 'text': 'c'}]");
    }

    @Test
    void imagesAndFilesAreMedia() {
        var result = items("{'role': 'user', 'content': ["
                + "{'type': 'input_image', 'detail': 'auto', 'image_url': 'data:image/png;base64,iVBORw0KGgoA'},"
                + "{'type': 'input_image', 'detail': 'high', 'image_url': 'https://example.com/a.png'},"
                + "{'type': 'input_image', 'file_id': 'file_1'},"
                + "{'type': 'input_file', 'filename': 'a.pdf', 'file_data': 'data:application/pdf;base64,JVBERi0='},"
                + "{'type': 'input_file', 'file_url': 'https://example.com/a.pdf'},"
                + "{'type': 'input_file', 'file_id': 'file_2'}]}");
        assertJson(
                result.message().getJsonArray("messages").getJsonObject(0).get("content"),
                "[{'type': 'image', 'source': {'type': 'base64', 'media_type': 'image/png', 'data': 'iVBORw0KGgoA'}},"
                        + "{'type': 'image', 'source': {'type': 'url', 'url': 'https://example.com/a.png'}},"
                        + "{'type': 'image', 'source': {'type': 'file', 'file_id': 'file_1'}},"
                        + "{'type': 'document', 'source': {'type': 'base64', 'media_type': 'application/pdf',"
                        + " 'data': 'JVBERi0='}, 'title': 'a.pdf'},"
                        + "{'type': 'document', 'source': {'type': 'url', 'url': 'https://example.com/a.pdf'}},"
                        + "{'type': 'document', 'source': {'type': 'file', 'file_id': 'file_2'}}]");
        assertThat(ignored(result)).isEqualTo("detail");
    }

    @Test
    void callsAndOutputsFollowEachOther() {
        var result = items(USER + "," + "{'role': 'assistant', 'content': 'I look.'}," + CALL + ","
                + "{'type': 'function_call', 'id': 'fc_2', 'status': 'completed', 'call_id': 'd', 'name': 'f',"
                + " 'arguments': '{\\u0022a\\u0022: [1, {}]}'},"
                + "{'role': 'user', 'content': 'Hurry.'}," + OUTPUT + ","
                + "{'type': 'function_call_output', 'call_id': 'd', 'output': ["
                + "{'type': 'input_text', 'text': 't'},"
                + "{'type': 'input_image', 'image_url': 'data:image/png;base64,iVBORw0KGgoA'}]}");
        assertJson(
                result.message().get("messages"),
                "[{'role': 'user', 'content': [{'type': 'text', 'text': 'hi'}]},"
                        + "{'role': 'assistant', 'content': [{'type': 'text', 'text': 'I look.'},"
                        + "{'type': 'tool_use', 'id': 'c', 'name': 'f', 'input': {}},"
                        + "{'type': 'tool_use', 'id': 'd', 'name': 'f', 'input': {'a': [1, {}]}}]},"
                        + "{'role': 'user', 'content': ["
                        + "{'type': 'tool_result', 'tool_use_id': 'c', 'content': [{'type': 'text', 'text': 'done'}]},"
                        + "{'type': 'tool_result', 'tool_use_id': 'd', 'content': [{'type': 'text', 'text': 't'},"
                        + "{'type': 'image', 'source': {'type': 'base64', 'media_type': 'image/png', 'data': 'iVBORw0KGgoA'}}]},"
                        + "{'type': 'text', 'text': 'Hurry.'}]}]");
        assertThat(result.ignored()).isEmpty();
    }

    @EachRow({
        "'type': 'custom_tool_call', 'call_id': 'c', 'name': 'p', 'input': 'a' | p | {'input': 'a'} |"
                + " 'type': 'custom_tool_call_output', 'call_id': 'c', 'output': 'r' | r",
        "'type': 'function_call', 'call_id': 'c', 'namespace': 'n', 'name': 'p', 'arguments': '' | n__p | {} |"
                + " 'type': 'function_call_output', 'call_id': 'c', 'output': 'r' | r",
        "'type': 'local_shell_call', 'id': 'c', 'action': {'type': 'exec', 'command': ['ls'], 'env': {},"
                + " 'timeout_ms': null} | local_shell | {'command': ['ls']} |"
                + " 'type': 'local_shell_call_output', 'id': 'c', 'output': 'r' | r",
        "'type': 'local_shell_call', 'id': 'x', 'call_id': 'c', 'action': {'type': 'exec', 'command': ['ls'],"
                + " 'env': {'A': 'b'}} | local_shell | {'command': ['ls'], 'env': {'A': 'b'}} |"
                + " 'type': 'function_call_output', 'call_id': 'c', 'output': 'r' | r",
        "'type': 'local_shell_call', 'id': 'lsh_1', 'call_id': 'c', 'action': {'command': ['ls']} | local_shell |"
                + " {'command': ['ls']} | 'type': 'local_shell_call_output', 'id': 'lsh_1', 'output': 'r' | r",
        "'type': 'shell_call', 'call_id': 'c', 'action': {'commands': ['ls'], 'timeout_ms': 5,"
                + " 'max_output_length': null} | shell | {'commands': ['ls'], 'timeout_ms': 5} |"
                + " 'type': 'shell_call_output', 'call_id': 'c', 'output': [{'stdout': 'r'}] | [{\"stdout\":\"r\"}]",
        "'type': 'apply_patch_call', 'call_id': 'c', 'operation': {'type': 'delete_file', 'path': 'p'} |"
                + " apply_patch | {'type': 'delete_file', 'path': 'p'} |"
                + " 'type': 'apply_patch_call_output', 'call_id': 'c', 'status': 'failed', 'output': 'r' | failed\\nr",
    })
    void callsOfAllKindsAreToolUses(String call, String name, String input, String output, String text) {
        var result = items(USER + ", {" + call + "}, {" + output + "}");
        var messages = result.message().getJsonArray("messages");
        assertJson(
                messages.getJsonObject(1).get("content"),
                "[{'type': 'tool_use', 'id': 'c', 'name': '" + name + "', 'input': " + input + "}]");
        assertThat(messages.getJsonObject(2)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getString("text"))
                .isEqualTo(text.replace("\\n", "\n"));
        assertThat(result.ignored()).isEmpty();
    }

    /** A response that is cut off has such an item, and the client sends it in each later request, with its status or without. */
    @ParameterizedTest
    @ValueSource(strings = {"'status': 'incomplete',", "'status': 'completed',", ""})
    void argumentsThatWereCutOffAreText(String status) {
        String cut = "'call_id': 'c', 'name': 'f', 'arguments': '{\\u0022a\\u0022: [1, '}," + OUTPUT;
        var result = items(USER + ", {'type': 'function_call', " + status + cut + "," + USER);
        assertJson(
                result.message().getJsonArray("messages").getJsonObject(1).get("content"),
                "[{'type': 'tool_use', 'id': 'c', 'name': 'f', 'input': {'arguments': '{\\u0022a\\u0022: [1, '}}]");
        assertThat(ignored(result)).isEqualTo("arguments");
        var whole = items(USER + "," + CALL.replace("'arguments'", status + "'arguments'") + "," + OUTPUT);
        assertThat(whole.message())
                .isEqualTo(items(USER + "," + CALL + "," + OUTPUT).message());
        assertThat(whole.ignored()).isEmpty();
    }

    @EachRow({
        "{\\u0022a\\u0022: 1, \\u0022a\\u0022: 2} | {'a': 2}",
        "{\\u0022a\\u0022: \\u0022\\\\ud83d\\u0022} | {'a': '\ufffd'}",
        "null | {'arguments': 'null'}",
        "[] | {'arguments': '[]'}",
        "{\\u0022a\\u0022: NaN} | {'arguments': '{\\u0022a\\u0022: NaN}'}",
    })
    void argumentsThatNoParserHereTakesAreSent(String arguments, String input) {
        var result = items(USER + "," + CALL.replace("{}", arguments) + "," + OUTPUT);
        assertJson(
                result.message().getJsonArray("messages").getJsonObject(1).get("content"),
                "[{'type': 'tool_use', 'id': 'c', 'name': 'f', 'input': " + input + "}]");
    }

    /** Codex sends further outputs of a script that reports while it runs. */
    @Test
    void aFurtherOutputOfACustomToolIsContentOfTheUser() {
        var messages = messages(USER
                + ",{'type': 'custom_tool_call', 'call_id': 'c', 'name': 'g', 'input': 'x'},"
                + "{'type': 'custom_tool_call', 'call_id': 'd', 'name': 'g', 'input': 'y'},"
                + "{'type': 'custom_tool_call_output', 'call_id': 'c', 'output': 'done'},"
                + "{'type': 'custom_tool_call_output', 'call_id': 'c', 'name': 'g', 'output': 'early'},"
                + "{'type': 'custom_tool_call_output', 'call_id': 'd', 'output': 'done too'}");
        assertJson(
                messages.getJsonObject(2).get("content"),
                "[{'type': 'tool_result', 'tool_use_id': 'c', 'content': [{'type': 'text', 'text': 'done'}]},"
                        + "{'type': 'tool_result', 'tool_use_id': 'd', 'content': [{'type': 'text', 'text': 'done too'}]},"
                        + "{'type': 'text', 'text': 'early'}]");
    }

    @Test
    void anIdThatTheApiDoesNotAcceptIsReplaced() {
        String odd = USER + "," + CALL.replace("'c'", "'c:1 \u00e9'") + "," + OUTPUT.replace("'c'", "'c:1 \u00e9'");
        var messages = messages(odd);
        String id = messages.getJsonObject(1)
                .getJsonArray("content")
                .getJsonObject(0)
                .getString("id");
        assertThat(id).matches("call_[0-9a-f]{32}");
        assertThat(messages.getJsonObject(2)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getString("tool_use_id"))
                .isEqualTo(id);
        assertThat(messages(odd)).isEqualTo(messages);
    }

    @Test
    void anIdThatIsUsedAgainStaysUnique() {
        var messages = messages(USER + "," + CALL + "," + OUTPUT + "," + CALL + "," + OUTPUT);
        assertThat(messages.getJsonObject(3)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getString("id"))
                .startsWith("call_")
                .isEqualTo(messages.getJsonObject(4)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getString("tool_use_id"));
    }

    @EachRow({
        "{'type': 'web_search_call', 'id': 'ws_1', 'status': 'completed', 'action': {}} | web_search_call",
        "{'type': 'compaction', 'encrypted_content': 'x'} | compaction",
        "{'type': 'new_kind', 'role': 'developer', 'output': 'x'} | new_kind",
        "{'type': 'configuration_update', 'reasoning': {}} | configuration_update",
        "{'type': 'tool_search_call', 'arguments': {}} | tool_search_call",
        "{'type': 'tool_search_output', 'tools': []} | tool_search_output",
        "{'type': 'agent_message', 'author': 'a', 'recipient': 'b', 'content': [{'type': 'encrypted_content',"
                + " 'encrypted_content': 'x'}]} | agent_message",
        "{'role': 'user', 'content': [{'type': 'input_text', 'text': 'a', 'prompt_cache_breakpoint': {}}]} |"
                + " prompt_cache_breakpoint",
        "{'role': 'assistant', 'phase': 'commentary', 'content': []} | phase",
        "{'role': 'assistant', 'content': [{'type': 'output_text', 'text': ' ', 'annotations': [{}]}]} |"
                + " annotations",
    })
    void itemsWithoutAnEquivalentAreListed(String item, String name) {
        assertThat(ignored(items(USER + "," + item))).isEqualTo(name);
    }

    @Test
    void aMessageOfAnotherAgentIsText() {
        var result = items("{'type': 'agent_message', 'author': 'a', 'recipient': 'b', 'content':"
                + " [{'type': 'input_text', 'text': 'Done.'}]}");
        assertJson(
                result.message().get("messages"), "[{'role': 'user', 'content': [{'type': 'text', 'text': 'Done.'}]}]");
        assertThat(result.ignored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'tools': [], "})
    void aConversationWithCallsHasToolsEvenIfTheClientListsNone(String tools) {
        var result =
                translated(request(NEW, "[" + USER + "," + CALL + "," + OUTPUT + "]", tools + "'tool_choice': 'auto'"));
        assertJson(
                result.message().get("tools"), "[{'name': 'f', 'input_schema': {'type': 'object', 'properties': {}}}]");
        assertJson(result.message().get("tool_choice"), "{'type': 'none'}");
        assertThat(result.context().tools().byName()).isEmpty();
    }

    @Test
    void aModelThatSupportsItGoesOnFromTheAssistantsText() {
        var result =
                translated(request(ItemsSample.OLD, "[" + USER + ", {'role': 'assistant', 'content': 'So: '}]", ""));
        assertJson(
                result.message().getJsonArray("messages").get(1),
                "{'role': 'assistant', 'content': [{'type': 'text', 'text': 'So:'}]}");
    }
}
