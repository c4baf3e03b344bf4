package dev.warder.openai;

import static dev.warder.openai.ChatSample.OLD;
import static dev.warder.openai.ChatSample.OPUS;
import static dev.warder.openai.ChatSample.assertJson;
import static dev.warder.openai.ChatSample.refusalWith;
import static dev.warder.openai.ChatSample.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.EachRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools and the choice of a tool (rule "Translated requests"). */
class ChatToolsTest {
    private static final String TOOLS = "'tools': [{'type': 'function', 'function': {'name': 'f'}},"
            + " {'type': 'function', 'function': {'name': 'g'}}]";

    @Test
    void t14KeepsTheWholeSchema() {
        String schema = "{'type': 'object', 'properties': {'a': {'$ref': '#/$defs/b'}, 'n': {'minimum': 1.50}},"
                + " '$defs': {'b': {'enum': ['x', 1]}}, 'additionalProperties': {'type': 'string'}, 'required': ['a']}";
        var message = with(
                        OPUS,
                        "'tools': [{'type': 'function', 'function': {'name': 'f', 'description': 'd',"
                                + " 'strict': false, 'parameters': " + schema
                                + "}, 'cache_control': {'type': 'ephemeral'}}]")
                .message();
        assertJson(
                message.get("tools"),
                "[{'name': 'f', 'description': 'd', 'input_schema': " + schema
                        + ", 'cache_control': {'type': 'ephemeral'}}]");
        assertThat(message).doesNotContainKey("tool_choice");
    }

    @EachRow({
        "{'type': 'function', 'function': {'name': 'f'}} |"
                + " {'name': 'f', 'input_schema': {'type': 'object', 'properties': {}}}",
        "{'function': {'name': 'f', 'parameters': {'a': 1, 'type': 'string'}}} |"
                + " {'name': 'f', 'input_schema': {'a': 1, 'type': 'object'}}",
        "{'type': 'function', 'name': 'f', 'parameters': {'type': 'object'}} |"
                + " {'name': 'f', 'input_schema': {'type': 'object'}}",
        "{'name': 'g', 'input_schema': {'type': 'object'}} | {'name': 'g', 'input_schema': {'type': 'object'}}",
        "{'type': 'custom', 'name': 'g', 'input_schema': {'type': 'object'}} |"
                + " {'name': 'g', 'input_schema': {'type': 'object'}}",
        "{'function': {'name': 'f', 'cache_control': {'type': 'ephemeral'}}} | {'name': 'f', 'input_schema': {'type':"
                + " 'object', 'properties': {}}, 'cache_control': {'type': 'ephemeral'}}",
    })
    void t15T16T33TakeAToolInEachForm(String tool, String sent) {
        assertJson(
                with(OPUS, "'tools': [" + tool + "]")
                        .message()
                        .getJsonArray("tools")
                        .get(0),
                sent);
    }

    @EachRow({
        "'auto' | {'type': 'auto'}",
        "'none' | {'type': 'none'}",
        "'required' | {'type': 'any'}",
        "{'type': 'function', 'function': {'name': 'g'}} | {'type': 'tool', 'name': 'g'}",
        "{'type': 'function', 'name': 'g'} | {'type': 'tool', 'name': 'g'}",
        "{'type': 'auto'} | {'type': 'auto'}",
        "{'type': 'any'} | {'type': 'any'}",
        "{'type': 'none'} | {'type': 'none'}",
        "{'type': 'tool', 'name': 'g'} | {'type': 'tool', 'name': 'g'}",
    })
    void t17TranslatesTheChoice(String choice, String expected) {
        var result = with("claude-opus-5", TOOLS + ", 'tool_choice': " + choice);
        assertJson(result.message().get("tool_choice"), expected);
        assertThat(result.ignored()).isEmpty();
    }

    @Test
    void t17FiltersByAllowedTools() {
        var message = with(
                        "claude-opus-5",
                        TOOLS + ", 'tool_choice': {'type': 'allowed_tools', 'allowed_tools': {'mode': 'required',"
                                + " 'tools': [{'type': 'function', 'function': {'name': 'g'}}]}}")
                .message();
        assertThat(message.getJsonArray("tools")).hasSize(1);
        assertJson(message.get("tool_choice"), "{'type': 'any'}");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "64, true", "65, true", "128, true", "129, false", "0, false"})
    void takesNamesAsLongAsTheApiDoes(int length, boolean taken) {
        String tools = "'tools': [{'function': {'name': '" + "n".repeat(length) + "'}}]";
        if (taken) {
            assertThat(with(OPUS, tools).ignored()).isEmpty();
        } else {
            assertThat(refusalWith(OPUS, tools).param()).contains("tools[0].function.name");
        }
    }

    @Test
    void t14ForcesAnObjectAtTheTopOfAlternatives() {
        assertJson(
                with(
                                OPUS,
                                "'tools': [{'function': {'name': 'f', 'strict': true, 'parameters':"
                                        + " {'anyOf': [{'properties': {}}]}}}]")
                        .message()
                        .getJsonArray("tools")
                        .getJsonObject(0)
                        .getJsonObject("input_schema")
                        .get("type"),
                "'object'");
    }

    @ParameterizedTest
    @CsvSource({"claude-opus-5-5", "claude-sonnet-5-5", "claude-fable-5-1", "claude-mythos-5-2"})
    void t17LeavesAForcedChoiceToAModelThatRefusesIt(String model) {
        var result = with(model, TOOLS + ", 'tool_choice': 'required'");
        assertJson(result.message().get("tool_choice"), "{'type': 'auto'}");
        assertThat(result.ignored()).containsExactly("tool_choice");
    }

    @Test
    void t28LeavesAForcedChoiceToAModelThatThinks() {
        var result = with(
                OLD, TOOLS + ", 'tool_choice': 'required', 'thinking': {'type': 'enabled', 'budget_tokens': 2000}");
        assertJson(result.message().get("tool_choice"), "{'type': 'auto'}");
        assertThat(result.ignored()).containsExactly("tool_choice");
    }

    @EachRow({
        "'parallel_tool_calls': false | {'type': 'auto', 'disable_parallel_tool_use': true} | ``",
        "'parallel_tool_calls': false, 'tool_choice': 'required' | {'type': 'any',"
                + " 'disable_parallel_tool_use': true} | ``",
        "'parallel_tool_calls': true, 'tool_choice': 'auto' | {'type': 'auto'} | ``",
        "'parallel_tool_calls': false, 'tool_choice': 'none' | {'type': 'none'} | parallel_tool_calls",
    })
    void t18TurnsParallelCallsAround(String members, String choice, String ignored) {
        var result = with("claude-opus-5", TOOLS + ", " + members);
        assertJson(result.message().get("tool_choice"), choice);
        assertThat(String.join(",", result.ignored())).isEqualTo(ignored);
    }

    @Test
    void listsAChoiceWithoutTools() {
        var result = with(OPUS, "'tools': [], 'tool_choice': 'auto', 'parallel_tool_calls': false");
        assertThat(result.ignored()).containsExactly("parallel_tool_calls", "tool_choice");
        assertThat(result.message()).doesNotContainKeys("tools", "tool_choice");
    }

    /** Agents ask so for a title or a summary. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", 'tools': []",
                ", 'tools': null",
                ", 'functions': []",
                ", 'tool_choice': 'none'",
                ", 'tools': [], 'tool_choice': 'auto'",
                ", 'function_call': 'none'"
            })
    void t32SendsTheCalledToolsWhereNoneAreListed(String members) {
        String history = "{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'tool_calls':"
                + " [{'id': 'a', 'function': {'name': 'g', 'arguments': ''}}]},"
                + " {'role': 'tool', 'tool_call_id': 'a', 'content': 'r'},"
                + " {'role': 'assistant', 'function_call': {'name': 'f', 'arguments': ''}},"
                + " {'role': 'function', 'name': 'f', 'content': 'r'}, {'role': 'user', 'content': 'Name it.'}";
        for (String model : new String[] {OPUS, OLD}) {
            var message = ChatSample.translated(
                            "{'model': '" + model + "', 'messages': [" + history + "]" + members + "}")
                    .message();
            assertJson(
                    message.get("tools"),
                    "[{'name': 'g', 'input_schema': {'type': 'object', 'properties': {}}},"
                            + " {'name': 'f', 'input_schema': {'type': 'object', 'properties': {}}}]");
            assertJson(message.get("tool_choice"), "{'type': 'none'}");
        }
    }

    @Test
    void t23TakesDeprecatedFunctions() {
        var result = with(
                "claude-opus-5",
                "'functions': [{'name': 'f', 'parameters': {'type': 'object'}}], 'function_call': {'name': 'f'}");
        assertJson(result.message().get("tools"), "[{'name': 'f', 'input_schema': {'type': 'object'}}]");
        assertJson(
                result.message().get("tool_choice"),
                "{'type': 'tool', 'name': 'f', 'disable_parallel_tool_use': true}");
        assertThat(result.context().legacyFunctions()).isTrue();
        assertThat(with(OPUS, TOOLS).context().legacyFunctions()).isFalse();
    }

    @EachRow({
        "'tools': 'x' | tools",
        "'tools': [1] | tools[0]",
        "'tools': [{'type': 'custom', 'custom': {}}] | tools[0].custom.name",
        "'tools': [{'type': 'custom', 'custom': {'name': 'a b'}}] | tools[0].custom.name",
        "'tools': [{'type': 'custom', 'custom': {'name': 'c', 'format': {'type': 'grammar'}}}] |"
                + " tools[0].custom.format.syntax",
        "'tools': [{'type': 'custom', 'custom': {'name': 'c', 'format': {'type': 'grammar', 'grammar': {'syntax':"
                + " 'ebnf'}}}}] | tools[0].custom.format.grammar.syntax",
        "'tools': [{'type': 'web_search_preview'}] | tools[0].type",
        "'tools': [{'type': 'function', 'function': {}}] | tools[0].function.name",
        "'tools': [{'type': 'function', 'function': {'name': 'a b'}}] | tools[0].function.name",
        "'tools': [{'function': {'name': 'f'}}, {'function': {'name': 'f'}}] | tools[1].function.name",
        "'tools': [{'function': {'name': 'f', 'parameters': 1}}] | tools[0].function.parameters",
        "'tools': [{'function': {'name': 'f', 'strict': 1}}] | tools[0].function.strict",
        "'tools': [{'function': {'name': 'f', 'strict': true, 'parameters': {'type': 'object',"
                + " 'additionalProperties': {'type': 'string'}}}}] | tools[0].function.parameters",
        "'tools': [{'function': {'name': 'f', 'strict': true, 'parameters': {'$ref': '#'}}}] |"
                + " tools[0].function.parameters",
        "'tools': [{'function': {'name': 'f'}}], 'functions': [{'name': 'g'}] | functions",
        "'tool_choice': 'required' | tool_choice",
        "'tools': [{'function': {'name': 'f'}}], 'tool_choice': 'x' | tool_choice",
        "'tools': [{'function': {'name': 'f'}}], 'tool_choice': {'type': 'custom'} | tool_choice",
        "'tools': [{'function': {'name': 'f'}}], 'tool_choice': {'function': {'name': 'g'}} | tool_choice",
        "'tools': [{'function': {'name': 'f'}}], 'tool_choice': {'type': 'allowed_tools', 'tools': []} |"
                + " tool_choice",
        "'tools': [{'function': {'name': 'f'}}], 'tool_choice': {'type': 'allowed_tools', 'tools': [{'type':"
                + " 'mcp', 'name': 'f'}]} | tool_choice.tools[0].type",
        "'tools': [{'function': {'name': 'f'}}], 'parallel_tool_calls': 1 | parallel_tool_calls",
        "'functions': [{}] | functions[0].name",
        "'functions': [{'name': 'f'}], 'function_call': 'x' | function_call",
    })
    void namesWhatIsWrongWithTheTools(String members, String param) {
        var refusal = refusalWith(OPUS, members);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.param()).contains(param);
    }

    @Test
    void t23ListsAWordForParallelFunctions() {
        var result = with(OPUS, "'functions': [{'name': 'f'}], 'parallel_tool_calls': true");
        assertThat(result.ignored()).containsExactly("parallel_tool_calls");
    }
}
