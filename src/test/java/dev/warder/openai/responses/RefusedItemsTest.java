package dev.warder.openai.responses;

import static dev.warder.openai.ChatSample.json;
import static dev.warder.openai.responses.ItemsSample.NEW;
import static dev.warder.openai.responses.ItemsSample.refusal;
import static dev.warder.openai.responses.ItemsSample.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.EachRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Malformed and unsupported requests are refused with the member at fault, also for names that are too long or
 * repeated.
 */
class RefusedItemsTest {
    private static final String SECRET = "CONTENT-OF-THE-CLIENT";

    /** Members next to a model and, where the row has none, an input. */
    @EachRow({
        "'conversation': {'id': 'conv_1'} | conversation",
        "'background': 'yes' | background",
        "'stream': 1 | stream",
        "'stream_options': [] | stream_options",
        "'stream_options': {'include_obfuscation': 1} | stream_options.include_obfuscation",
        "'instructions': ['a'] | instructions",
        "'max_output_tokens': 0 | max_output_tokens",
        "'max_output_tokens': 1.5 | max_output_tokens",
        "'max_output_tokens': '9' | max_output_tokens",
        "'temperature': 3 | temperature",
        "'temperature': 'hot' | temperature",
        "'top_p': -1 | top_p",
        "'top_logprobs': 2 | top_logprobs",
        "'truncation': 'middle' | truncation",
        "'metadata': 'a' | metadata",
        "'metadata': {'x': 1} | metadata",
        "'metadata': {'x': {'y': 'a'}} | metadata",
        "'store': 'no' | store",
        "'service_tier': 1 | service_tier",
        "'user': 1 | user",
        "'safety_identifier': {} | safety_identifier",
        "'client_metadata': 'a' | client_metadata",
        "'client_metadata': {'x-codex-installation-id': 1} | client_metadata.x-codex-installation-id",
        "'prompt_cache_key': 1 | prompt_cache_key",
        "'include': 'reasoning.encrypted_content' | include",
        "'include': [1] | include[0]",
        "'include': ['a b'] | include",
        "'reasoning': 'high' | reasoning",
        "'reasoning': {'effort': 'huge'} | reasoning.effort",
        "'reasoning': {'effort': 3} | reasoning.effort",
        "'reasoning': {'summary': 'full'} | reasoning.summary",
        "'reasoning': {'generate_summary': 'full'} | reasoning.generate_summary",
        "'text': 'a' | text",
        "'text': {'format': 'json'} | text.format",
        "'text': {'format': {}} | text.format.type",
        "'text': {'format': {'type': 'xml'}} | text.format.type",
        "'text': {'format': {'type': 'json_schema', 'name': 'n'}} | text.format.schema",
        "'text': {'format': {'type': 'json_schema', 'schema': {}}} | text.format.name",
        "'text': {'format': {'type': 'json_schema', 'name': 'n', 'schema': {'$ref': '#/x'}}} | text.format.schema",
        "'text': {'format': {'type': 'json_schema', 'name': 'n', 'schema': {'type': 'object', 'properties': {'s':"
                + " {'type': 'object', 'additionalProperties': {'type': 'integer'}}}}}} | text.format.schema",
        "'input': null | input",
        "'input': 3 | input",
        "'input': ' ' | input",
        "'input': [] | input",
        "'input': [1] | input[0]",
        "'input': [{}] | input[0].type",
        "'input': [{'role': 'developer', 'content': ' '}] | input",
    })
    void membersAreRefused(String members, String param) {
        String input = members.startsWith("'input'") ? "" : "'input': 'hi', ";
        assertRefused("{'model': 'claude-opus-5-5', " + input + members + "}", param);
    }

    /** Items after one message of the user. */
    @EachRow({
        "{'type': 'message', 'content': 'a'} | input[1].role",
        "{'role': 'tool', 'content': 'a'} | input[1].role",
        "{'role': 'user'} | input[1].content",
        "{'role': 'user', 'content': 1} | input[1].content",
        "{'role': 'user', 'content': ['a']} | input[1].content[0]",
        "{'role': 'user', 'content': [{'text': 'a'}]} | input[1].content[0].type",
        "{'role': 'user', 'content': [{'type': 'input_text'}]} | input[1].content[0].text",
        "{'role': 'user', 'content': [{'type': 'input_audio', 'input_audio': {}}]} | input[1].content[0].type",
        "{'role': 'user', 'content': [{'type': 'input_video'}]} | input[1].content[0].type",
        "{'role': 'user', 'content': [{'type': 'input_image'}]} | input[1].content[0].image_url",
        "{'role': 'user', 'content': [{'type': 'input_image', 'image_url': 'ftp://a'}]} |"
                + " input[1].content[0].image_url",
        "{'role': 'user', 'content': [{'type': 'input_image', 'image_url': 'data:image/tiff;base64,AA'}]} |"
                + " input[1].content[0].image_url",
        "{'role': 'user', 'content': [{'type': 'input_image', 'file_id': 'other-1'}]} |"
                + " input[1].content[0].file_id",
        "{'role': 'user', 'content': [{'type': 'input_file'}]} | input[1].content[0].file_id",
        "{'role': 'user', 'content': [{'type': 'input_file', 'file_data': 'AAAA'}]} |"
                + " input[1].content[0].file_data",
        "{'role': 'developer', 'content': [{'type': 'input_image', 'image_url': 'https://a'}]} |"
                + " input[1].content[0].type",
        "{'role': 'assistant', 'content': [{'type': 'input_image', 'image_url': 'https://a'}]} |"
                + " input[1].content[0].type",
        "{'role': 'assistant', 'content': 'a'} | input[1]",
        "{'id': 'msg_1'} | input[1]",
        "{'type': 'reasoning', 'encrypted_content': 1} | input[1].encrypted_content",
        "{'type': 'function_call', 'name': 'f', 'arguments': ''} | input[1].call_id",
        "{'type': 'function_call', 'call_id': 'c', 'arguments': ''} | input[1].name",
        "{'type': 'function_call', 'call_id': 'c', 'name': '', 'arguments': ''} | input[1].name",
        "{'type': 'function_call', 'call_id': '', 'name': 'f', 'arguments': ''} | input[1].call_id",
        "{'type': 'function_call', 'call_id': 'c', 'name': 'f', 'arguments': {}} | input[1].arguments",
        "{'type': 'function_call', 'call_id': 'c', 'name': 'f', 'arguments': ''} | input[1]",
        "{'type': 'function_call', 'call_id': 'c', 'name': 'f'}, {'type': 'function_call', 'call_id': 'c',"
                + " 'name': 'f'} | input[2].call_id",
        "{'type': 'function_call', 'call_id': 'c', 'name': 'f'}, {'role': 'user', 'content': 'a'},"
                + " {'role': 'assistant', 'content': 'a'} | input[1]",
        "{'type': 'function_call', 'call_id': 'c', 'name': 'f'}, {'role': 'user', 'content': 'a'},"
                + " {'type': 'function_call', 'call_id': 'd', 'name': 'f'} | input[1]",
        "{'type': 'function_call_output', 'output': ''} | input[1].call_id",
        "{'type': 'reasoning', 'encrypted_content': 'x'}, {'type': 'function_call_output', 'call_id': 'c',"
                + " 'output': ''} | input[2]",
        "{'type': 'function_call', 'call_id': 'c', 'name': 'f'}, {'type': 'function_call_output', 'call_id':"
                + " 'c'} | input[2].output",
        "{'type': 'function_call', 'call_id': 'c', 'name': 'f'}, {'type': 'function_call_output', 'call_id':"
                + " 'c', 'output': [{'type': 'input_audio'}]} | input[2].output[0].type",
        "{'type': 'function_call', 'call_id': 'c', 'name': 'f'}, {'type': 'function_call_output', 'call_id':"
                + " 'c', 'output': 'r'}, {'type': 'function_call_output', 'call_id': 'c', 'output': 'r'} |"
                + " input[3]",
        "{'type': 'custom_tool_call', 'call_id': 'c', 'name': 'p'} | input[1].input",
        "{'type': 'custom_tool_call', 'call_id': 'c', 'name': 'p', 'input': {}} | input[1].input",
        "{'type': 'custom_tool_call_output', 'call_id': 'c', 'output': 'r'} | input[1]",
        "{'type': 'local_shell_call', 'action': {}} | input[1].id",
        "{'type': 'local_shell_call', 'call_id': 'c'} | input[1].action",
        "{'type': 'shell_call', 'call_id': 'c', 'action': 'ls'} | input[1].action",
        "{'type': 'shell_call', 'call_id': 'c', 'action': {}}, {'type': 'shell_call_output', 'call_id': 'c',"
                + " 'output': 'a'} | input[2].output",
        "{'type': 'apply_patch_call', 'call_id': 'c'} | input[1].operation",
        "{'type': 'apply_patch_call_output', 'call_id': 'c', 'status': 'completed'} | input[1]",
        "{'type': 'computer_call_output', 'call_id': 'c', 'output': {}} | input[1].type",
        "{'type': 'file_search_call', 'id': 'x', 'results': []} | input[1].type",
        "{'type': 'code_interpreter_call', 'id': 'x', 'outputs': []} | input[1].type",
        "{'type': 'image_generation_call', 'id': 'x', 'result': 'AAAA'} | input[1].type",
        "{'type': 'mcp_call', 'id': 'x', 'output': 'a'} | input[1].type",
        "{'type': 'compaction_trigger'} | input[1].type",
        "{'type': 'a b'} | input[1].type",
        "{'type': 'new_output', 'x': 'a'} | input[1].type",
        "{'type': 'additional_tools', 'tools': {}} | input[1].tools",
        "{'type': 'additional_tools', 'tools': [{'type': 'function'}]} | input[1].tools[0].name",
        "{'type': 'agent_message', 'content': 'a'} | input[1].content",
    })
    void itemsAreRefused(String items, String param) {
        assertRefused(
                "{'model': 'claude-opus-5-5', 'input': [{'role': 'user', 'content': 'hi'}, " + items + "]}", param);
    }

    @EachRow({
        "'tools': {} | tools",
        "'tools': [1] | tools[0]",
        "'tools': [{'name': 'f'}] | tools[0].type",
        "'tools': [{'type': 'function', 'function': {'name': 'f'}}] | tools[0].name",
        "'tools': [{'type': 'function', 'name': ''}] | tools[0].name",
        "'tools': [{'type': 'function', 'name': 'f', 'parameters': 'a'}] | tools[0].parameters",
        "'tools': [{'type': 'function', 'name': 'f', 'strict': 'a'}] | tools[0].strict",
        "'tools': [{'type': 'function', 'name': 'f', 'strict': true, 'parameters': {'$ref': '#/x'}}] |"
                + " tools[0].parameters",
        "'tools': [{'type': 'function', 'name': 'f'}, {'type': 'custom', 'name': 'f'}] | tools[1].name",
        "'tools': [{'type': 'custom', 'name': 'f', 'format': {}}] | tools[0].format.type",
        "'tools': [{'type': 'custom', 'name': 'f', 'format': {'type': 'json'}}] | tools[0].format.type",
        "'tools': [{'type': 'custom', 'name': 'f', 'format': {'type': 'grammar'}}] | tools[0].format.syntax",
        "'tools': [{'type': 'custom', 'name': 'f', 'format': {'type': 'grammar', 'syntax': 'ebnf'}}] |"
                + " tools[0].format.syntax",
        "'tools': [{'type': 'custom', 'name': 'f', 'format': {'type': 'grammar', 'syntax': 'lark'}}] |"
                + " tools[0].format.definition",
        "'tools': [{'type': 'namespace', 'tools': []}] | tools[0].name",
        "'tools': [{'type': 'namespace', 'name': 'n'}] | tools[0].tools",
        "'tools': [{'type': 'namespace', 'name': 'n', 'tools': [{'type': 'function'}]}] | tools[0].tools[0].name",
        "'tools': [{'type': 'shell', 'environment': {}}] | tools[0].environment.type",
        "'tools': [{'type': 'a b'}] | tools[0].type",
        "'tools': [{'type': 'namespace', 'name': 'n', 'tools': [{'type': 'a b'}]}] | tools[0].tools[0].type",
        "'parallel_tool_calls': 'a' | parallel_tool_calls",
        "'tool_choice': 'required' | tool_choice",
        "'tool_choice': 'some' | tool_choice",
        "'tool_choice': 1 | tool_choice",
        "'tool_choice': {} | tool_choice.type",
        "'tool_choice': {'type': 'function'} | tool_choice.name",
        "'tool_choice': {'type': 'function', 'name': 'f'} | tool_choice",
        "'tool_choice': {'type': 'namespace', 'name': 'n'} | tool_choice",
        "'tool_choice': {'type': 'shell'} | tool_choice",
        "'tool_choice': {'type': 'allowed_tools', 'mode': 'auto'} | tool_choice.tools",
        "'tool_choice': {'type': 'allowed_tools', 'mode': 'auto', 'tools': []} | tool_choice",
        "'tool_choice': {'type': 'allowed_tools', 'mode': 'x', 'tools': []} | tool_choice",
        "'tool_choice': {'type': 'allowed_tools', 'tools': [{'type': 'function', 'name': 'f'}]} | tool_choice",
        "'tools': [{'type': 'web_search'}], 'tool_choice': {'type': 'web_search'} | tool_choice",
        "'tools': [{'type': 'web_search'}], 'tool_choice': 'required' | tool_choice",
        "'tools': [{'type': 'file_search'}], 'tool_choice': {'type': 'file_search'} | tool_choice",
        "'tools': [{'type': 'mcp'}], 'tool_choice': {'type': 'mcp', 'server_label': 's'} | tool_choice",
        "'tools': [{'type': 'code_interpreter'}], 'tool_choice': {'type': 'code_interpreter'} | tool_choice",
        "'tools': [{'type': 'image_generation'}], 'tool_choice': {'type': 'allowed_tools', 'mode': 'required',"
                + " 'tools': [{'type': 'image_generation'}]} | tool_choice",
    })
    void toolsAreRefused(String members, String param) {
        assertRefused("{'model': 'claude-opus-5-5', 'input': 'hi', " + members + "}", param);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'custom_tool_call', 'call_id': 'c', 'name': 'f', 'input': ''}",
                "{'role': 'assistant', 'content': 'a'}",
                "{'type': 'function_call', 'call_id': 'c', 'name': 'f'}"
            })
    void theModelDoesNotBegin(String item) {
        var refused = refusal("{'model': 'claude-opus-5-5', 'input': [" + item
                + ", {'type': 'function_call_output', 'call_id': 'c', 'output': ''}]}");
        assertThat(refused.param()).contains("input");
        assertThat(refused.message()).isEqualTo("input must not begin with a message of the assistant.");
    }

    @Test
    void aReferenceIsRefusedWithAHint() {
        assertThat(refusal("{'model': 'claude-opus-5-5', 'input': [{'type': 'item_reference', 'id': 'x'}]}")
                        .message())
                .contains("store: false");
    }

    private static void assertRefused(String request, String param) {
        var refused = refusal(request.replace("'a'", "'" + SECRET + "'"));
        assertThat(refused.param()).as(request).contains(param);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).contains(param).doesNotContain(SECRET);
        assertThat(json(request)).isNotEmpty();
    }

    /** The name of a namespace is read for each of its tools. */
    @EachRow({
        "'tools': [{'type': 'function', 'name': 'LONG'}] | tools[0].name",
        "'tools': [{'type': 'custom', 'name': 'LONG'}] | tools[0].name",
        "'tools': [{'type': 'namespace', 'name': 'LONG', 'tools': []}] | tools[0].name",
        "'tools': [{'type': 'namespace', 'name': 'n', 'tools': [{'type': 'custom', 'name': 'LONG'}]}] |"
                + " tools[0].tools[0].name",
        "'input': [{'role': 'user', 'content': 'hi'}, {'type': 'function_call', 'call_id': 'c', 'name': 'LONG'}] |"
                + " input[1].name",
        "'input': [{'role': 'user', 'content': 'hi'}, {'type': 'custom_tool_call', 'call_id': 'c', 'name': 'f',"
                + " 'namespace': 'LONG', 'input': ''}] | input[1].namespace",
    })
    void longNamesAreRefused(String members, String param) {
        String input = members.startsWith("'input'") ? "" : "'input': 'hi', ";
        String request = "{'model': 'claude-opus-5-5', " + input + members + "}";
        var refused = refusal(request.replace("LONG", "x".repeat(257)));
        assertThat(refused.param()).contains(param);
        assertThat(refused.message()).isEqualTo(param + " must have 1 to 256 characters.");
    }

    @Test
    void aNameOf256CharactersIsAccepted() {
        String name = "x".repeat(256);
        var result = with(
                NEW,
                "'tools': [{'type': 'namespace', 'name': '" + name + "', 'tools': [{'type': 'function', 'name': '"
                        + name + "'}]}]");
        assertThat(result.message().getJsonArray("tools")).hasSize(1);
    }

    @EachRow({
        "'input': [{'role': 'user', 'content': 'hi'}, {'type': 'function_call', 'call_id': 'c', 'name': 'f'},"
                + " {'type': 'function_call', 'call_id': 'c', 'name': 'f'}] | input[2].call_id must be unique.",
        "'input': 'hi', 'tools': [{'type': 'function', 'name': 'f'}, {'type': 'custom', 'name': 'f'}] |"
                + " tools[1].name must be unique.",
    })
    void whatIsThereTwiceIsRefusedInPlainWords(String members, String message) {
        assertThat(refusal("{'model': 'claude-opus-5-5', " + members + "}").message())
                .isEqualTo(message);
    }
}
