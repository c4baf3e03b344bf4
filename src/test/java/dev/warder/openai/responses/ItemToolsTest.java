package dev.warder.openai.responses;

import static dev.warder.openai.ChatSample.assertJson;
import static dev.warder.openai.ChatSample.json;
import static dev.warder.openai.responses.ItemsSample.NEW;
import static dev.warder.openai.responses.ItemsSample.OLD;
import static dev.warder.openai.responses.ItemsSample.USER;
import static dev.warder.openai.responses.ItemsSample.ignored;
import static dev.warder.openai.responses.ItemsSample.reader;
import static dev.warder.openai.responses.ItemsSample.request;
import static dev.warder.openai.responses.ItemsSample.translated;
import static dev.warder.openai.responses.ItemsSample.with;
import static dev.warder.openai.responses.ItemsSample.withWeb;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonText;
import dev.warder.openai.Talk;
import dev.warder.openai.responses.CalledTool.ToolKind;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.stream.MessageReader.DeltaKind;
import dev.warder.testkit.EachRow;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools of all kinds, the choice among them, and the members of the tool that searches the web. */
class ItemToolsTest {
    private static final String FUNCTION =
            "{'type': 'function', 'name': 'f', 'strict': false, 'parameters': {'type': 'object'}}";

    private static final String SPACE = "{'type': 'namespace', 'name': 'n', 'description': 'All of n.', 'tools': ["
            + FUNCTION + ", {'type': 'custom', 'name': 'p', 'description': 'P.'}]}";

    private static final String ALL = FUNCTION + "," + SPACE + ", {'type': 'local_shell'}, {'type': 'shell',"
            + " 'environment': {'type': 'local'}}, {'type': 'apply_patch'}, {'type': 'web_search'}";

    @Test
    void functionsKeepTheirSchema() {
        var result = with(
                NEW,
                "'tools': [{'type': 'function', 'name': 'f', 'description': 'd', 'strict': true, 'parameters':"
                        + " {'type': 'object', 'properties': {'a': {'type': 'string'}}, 'required': ['a']}},"
                        + " {'type': 'function', 'name': 'g', 'strict': false, 'parameters': null, 'defer_loading': true}]");
        assertJson(
                result.message().get("tools"),
                "[{'name': 'f', 'description': 'd', 'input_schema': {'type': 'object', 'properties': {'a': {'type':"
                        + " 'string'}}, 'required': ['a'], 'additionalProperties': false}, 'strict': true},"
                        + " {'name': 'g', 'input_schema': {'type': 'object', 'properties': {}}}]");
        assertThat(ignored(result)).isEqualTo("defer_loading");
        assertThat(result.message()).doesNotContainKey("tool_choice");
    }

    @Test
    void putsNamesOfPropertiesBackWhereverTheInputIsCut() {
        String schema = "{'type': 'object', 'properties': {'$top': {}, 'a': {'properties': {'größe': {}}}}}";
        var context = with(
                        NEW,
                        "'tools': [{'type': 'namespace', 'name': 'n', 'description': 'N.', 'tools': [{'type': 'function',"
                                + " 'strict': false, 'name': 'f', 'parameters': " + schema + "}]}]")
                .context();
        String sent = "{\"_top_81bf98e4\":\"_top_81bf98e4\",\"a\":{\"gr__e_d353a267\":\"\ud83d\ude00\"}}";
        String client = "{\"$top\":\"_top_81bf98e4\",\"a\":{\"größe\":\"\ud83d\ude00\"}}";
        for (int cut = 0; cut <= sent.length(); cut++) {
            String events = Talk.start()
                    + Talk.beginTool(0, "toolu_1", "n__f")
                    + piece(sent.substring(0, cut))
                    + piece(sent.substring(cut))
                    + Talk.stop(0)
                    + Talk.end("tool_use");
            var frames = Items.frames(context, events);
            assertThat(frames.joined("function_call_arguments.delta")).isEqualTo(client);
            assertThat(frames.output().get(0).getString("arguments")).isEqualTo(client);
            assertThat(frames.output().get(0).getString("namespace")).isEqualTo("n");
        }
        byte[] whole =
                JsonText.utf8("{\"type\":\"message\",\"content\":[{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":"
                        + "\"n__f\",\"input\":" + sent + "}],\"stop_reason\":\"tool_use\",\"usage\":{}}");
        assertThat(new String(Items.response(context).whole(whole, false).orElseThrow(), StandardCharsets.UTF_8))
                .contains("\"arguments\":" + JsonText.quote(client));
        assertThat(context.names().memory()).isPositive();
        assertThat(Items.stream(context).kept())
                .isGreaterThanOrEqualTo(
                        context.tools().memory() + context.names().memory());
    }

    private static String piece(String json) {
        return Talk.delta(0, DeltaKind.INPUT, new String(JsonText.literal(json), StandardCharsets.UTF_8));
    }

    @Test
    void theTextHasTheNamesOfTheFormThatIsAToolsInput() {
        var result = with(
                "claude-opus-5",
                "'text': {'format': {'type': 'json_schema', 'name': 's', 'schema': {'type': 'object', 'properties':"
                        + " {'$top': {'additionalProperties': {'type': 'string'}}}}}}");
        var events = Talk.call("s", "{\"_top_8", "1bf98e4\":{}}");
        var frames = Items.frames(result.context(), events);
        assertThat(frames.joined("output_text.delta")).isEqualTo("{\"$top\":{}}");
        assertThat(ItemFrames.texts(frames.output(), "message", "content", "text"))
                .containsExactly("{\"$top\":{}}");
    }

    @Test
    void aCustomToolTakesOneText() {
        var result = with(
                NEW,
                "'tools': [{'type': 'custom', 'name': 'p', 'description': 'Patches.', 'format': {'type': 'grammar',"
                        + " 'syntax': 'lark', 'definition': 'start: X'}}, {'type': 'custom', 'name': 'q', 'format':"
                        + " {'type': 'grammar', 'syntax': 'regex', 'definition': 'a+'}}, {'type': 'custom', 'name': 'r',"
                        + " 'format': {'type': 'text'}}]");
        String schema = "'input_schema': {'type': 'object', 'properties': {'input': {'type': 'string'}}, 'required':"
                + " ['input'], 'additionalProperties': false}";
        assertJson(
                result.message().get("tools"),
                "[{'name': 'p', 'description': 'Patches.\\n\\nThe text in input must match this Lark grammar:\\n\\nstart: X',"
                        + schema + "}, {'name': 'q', 'description': 'The text in input must match this regular"
                        + " expression:\\n\\na+'," + schema + "}, {'name': 'r'," + schema + "}]");
        assertThat(result.context().tools().called("p"))
                .isEqualTo(new CalledTool(ToolKind.CUSTOM, "p", Optional.empty()));
    }

    @Test
    void toolsOfANamespaceHaveItsName() {
        var result = with(NEW, "'tools': [" + FUNCTION + "," + SPACE + "]");
        assertThat(names(result)).containsExactly("f", "n__f", "n__p");
        assertThat(tools(result).get(1).getString("description")).isEqualTo("About all tools of n: All of n.");
        assertThat(tools(result).get(2).getString("description")).isEqualTo("P.");
        assertThat(result.context().tools().called("n__f"))
                .isEqualTo(new CalledTool(ToolKind.FUNCTION, "f", Optional.of("n")));
        assertThat(result.context().tools().called("n__p"))
                .isEqualTo(new CalledTool(ToolKind.CUSTOM, "p", Optional.of("n")));
        assertThat(result.ignored()).isEmpty();
    }

    @Test
    void additionalToolsAreMerged() {
        var result = translated(request(
                NEW,
                "[{'type': 'additional_tools', 'role': 'developer', 'tools': [" + SPACE + "]}, " + USER
                        + ", {'type': 'custom_tool_call', 'call_id': 'c', 'namespace': 'n', 'name': 'p', 'input': 'x'},"
                        + " {'type': 'custom_tool_call_output', 'call_id': 'c', 'output': 'y'},"
                        + " {'type': 'additional_tools', 'role': 'developer', 'tools': [" + FUNCTION + "," + SPACE
                        + "]}]",
                "'tool_choice': 'auto'"));
        assertThat(names(result)).containsExactly("n__f", "n__p", "f");
        assertThat(result.message().getJsonArray("messages").toString()).contains("n__p");
        assertThat(result.ignored()).isEmpty();
    }

    @Test
    void theToolsOfOpenAisModelsHaveSchemas() {
        var result = with(NEW, "'tools': [{'type': 'local_shell'}, {'type': 'shell'}, {'type': 'apply_patch'}]");
        assertThat(names(result)).containsExactly("local_shell", "shell", "apply_patch");
        assertThat(required(result, 0)).isEqualTo("[\"command\"]");
        assertThat(required(result, 1)).isEqualTo("[\"commands\"]");
        assertThat(required(result, 2)).isEqualTo("[\"type\",\"path\"]");
        assertThat(result.context().tools().called("shell").kind()).isEqualTo(ToolKind.SHELL);
        assertThat(result.context().tools().called("local_shell").kind()).isEqualTo(ToolKind.LOCAL_SHELL);
        assertThat(result.context().tools().called("apply_patch").kind()).isEqualTo(ToolKind.APPLY_PATCH);
    }

    @Test
    void namesOverTheLimitsAreReplacedTheSameWayEachTime() {
        String longName = "a".repeat(200);
        String tools =
                "'tools': [{'type': 'function', 'name': '" + longName + "'}, {'type': 'function', 'name': 'b.c'},"
                        + " {'type': 'function', 'name': 'n__f'}, " + SPACE + ", {'type': 'function', 'name': 'shell'},"
                        + " {'type': 'shell'}]";
        var result = with(NEW, tools);
        assertThat(names(result)).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-zA-Z0-9_-]{1,128}"));
        assertThat(names(with(NEW, tools))).isEqualTo(names(result));
        var called = names(result).stream()
                .map(name -> result.context().tools().called(name))
                .toList();
        assertThat(called)
                .containsExactly(
                        new CalledTool(ToolKind.FUNCTION, longName, Optional.empty()),
                        new CalledTool(ToolKind.FUNCTION, "b.c", Optional.empty()),
                        new CalledTool(ToolKind.FUNCTION, "n__f", Optional.empty()),
                        new CalledTool(ToolKind.FUNCTION, "f", Optional.of("n")),
                        new CalledTool(ToolKind.CUSTOM, "p", Optional.of("n")),
                        new CalledTool(ToolKind.FUNCTION, "shell", Optional.empty()),
                        new CalledTool(ToolKind.SHELL, "shell", Optional.empty()));
    }

    @Test
    void aReplacedNameIsInTheConversationToo() {
        var result = translated(request(
                NEW,
                "[" + USER + ", {'type': 'function_call', 'call_id': 'c', 'name': 'b.c', 'arguments': '{}'},"
                        + "{'type': 'function_call_output', 'call_id': 'c', 'output': ''}]",
                "'tools': [{'type': 'function', 'name': 'b.c'}]"));
        assertThat(result.message().getJsonArray("messages").toString())
                .contains(names(result).get(0));
    }

    @Test
    void theApiSearchesTheWebForAClientWithTheRight() {
        var result = withWeb(
                "'tools': [{'type': 'web_search', 'filters': {'allowed_domains': ['example.com']},"
                        + " 'user_location': {'type': 'approximate', 'country': 'DE', 'city': null}, 'search_context_size': 'low'}]");
        assertJson(
                result.message().get("tools"),
                "[{'type': 'web_search_20250305', 'name': 'web_search', 'allowed_domains': ['example.com'],"
                        + " 'user_location': {'type': 'approximate', 'country': 'DE'}}]");
        assertThat(ignored(result)).isEqualTo("search_context_size");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"web_search", "web_search_preview", "web_search_2025_08_26", "web_search_preview_2025_03_11"})
    void allNamesOfTheSearchMeanTheSame(String type) {
        assertThat(names(withWeb("'tools': [{'type': '" + type + "'}]"))).containsExactly("web_search");
        var without = with(NEW, "'tools': [{'type': '" + type + "'}]");
        assertThat(without.message()).doesNotContainKey("tools");
        assertThat(ignored(without)).isEqualTo("web_search");
    }

    @Test
    void aSearchWithoutAccessIsLeftOut() {
        var result = withWeb("'tools': [{'type': 'web_search', 'external_web_access': false}, " + FUNCTION + "]");
        assertThat(names(result)).containsExactly("f");
        assertThat(ignored(result)).isEqualTo("web_search");
    }

    @Test
    void aFunctionOfTheSearchsNameHasAnother() {
        var result = withWeb("'tools': [{'type': 'function', 'name': 'web_search'}, {'type': 'web_search'}]");
        assertThat(names(result).get(0)).startsWith("web_search_");
        assertThat(names(result).get(1)).isEqualTo("web_search");
        assertThat(result.context().tools().called(names(result).get(0)).name()).isEqualTo("web_search");
    }

    @Test
    void otherKindsAreLeftOutByName() {
        var types = "file_search code_interpreter computer_use_preview image_generation mcp tool_search "
                + "computer programmatic_tool_calling new_kind";
        for (String type : types.split(" ")) {
            var result = with(NEW, "'tools': [{'type': '" + type + "', 'x': {'y': 1}}, " + FUNCTION + "]");
            assertThat(names(result)).containsExactly("f");
            assertThat(ignored(result)).isEqualTo(type);
        }
    }

    @EachRow({
        "'none' | {'type': 'none'} | 7",
        "'auto' | {'type': 'auto'} | 7",
        "'required' | {'type': 'any'} | 7",
        "{'type': 'function', 'name': 'f'} | {'type': 'tool', 'name': 'f'} | 7",
        "{'type': 'function', 'name': 'f', 'namespace': 'n'} | {'type': 'tool', 'name': 'n__f'} | 7",
        "{'type': 'custom', 'name': 'p', 'namespace': 'n'} | {'type': 'tool', 'name': 'n__p'} | 7",
        "{'type': 'local_shell'} | {'type': 'tool', 'name': 'local_shell'} | 7",
        "{'type': 'shell'} | {'type': 'tool', 'name': 'shell'} | 7",
        "{'type': 'apply_patch'} | {'type': 'tool', 'name': 'apply_patch'} | 7",
        "{'type': 'web_search_preview'} | {'type': 'tool', 'name': 'web_search'} | 7",
        "{'type': 'namespace', 'name': 'n'} | {'type': 'any'} | 2",
        "{'type': 'allowed_tools', 'mode': 'required', 'tools': [{'type': 'function', 'name': 'f'},"
                + " {'type': 'shell'}]} | {'type': 'any'} | 2",
        "{'type': 'allowed_tools', 'mode': 'auto', 'tools': [{'type': 'namespace', 'name': 'n'},"
                + " {'type': 'web_search'}]} | {'type': 'auto'} | 3",
    })
    void theChoiceIsTranslated(String choice, String expected, int tools) {
        var result = (RequestOutcome.Translated<ResponsesContext>) reader().translate(
                        json(request("claude-opus-5", "'hi'", "'tools': [" + ALL + "], 'tool_choice': " + choice)),
                        true);
        assertJson(result.message().get("tool_choice"), expected);
        assertThat(tools(result)).hasSize(tools);
        assertThat(result.ignored()).isEmpty();
    }

    @Test
    void aKindThatIsLeftOutCanBeAllowedWithOthers() {
        var result = with(
                NEW,
                "'tools': [" + FUNCTION + ", {'type': 'mcp'}], 'tool_choice': {'type': 'allowed_tools', 'mode': 'auto',"
                        + " 'tools': [{'type': 'function', 'name': 'f'}, {'type': 'mcp', 'server_label': 's'}]}");
        assertJson(result.message().get("tool_choice"), "{'type': 'auto'}");
        assertThat(ignored(result)).isEqualTo("mcp");
        var none = with(
                NEW,
                "'tools': [" + FUNCTION + ", {'type': 'mcp'}], 'tool_choice': {'type': 'allowed_tools', 'mode': 'auto',"
                        + " 'tools': [{'type': 'mcp', 'server_label': 's'}]}");
        assertJson(none.message().get("tool_choice"), "{'type': 'none'}");
    }

    @Test
    void callsComeOneAtATimeIfTheClientAsks() {
        var result = with(OLD, "'tools': [" + FUNCTION + "], 'parallel_tool_calls': false");
        assertJson(result.message().get("tool_choice"), "{'type': 'auto', 'disable_parallel_tool_use': true}");
    }

    private static List<JsonObject> tools(RequestOutcome.Translated<ResponsesContext> result) {
        return result.message().getJsonArray("tools").getValuesAs(JsonObject.class);
    }

    private static List<String> names(RequestOutcome.Translated<ResponsesContext> result) {
        return tools(result).stream().map(tool -> tool.getString("name")).toList();
    }

    private static String required(RequestOutcome.Translated<ResponsesContext> result, int tool) {
        return tools(result)
                .get(tool)
                .getJsonObject("input_schema")
                .getJsonArray("required")
                .toString();
    }

    @EachRow({
        "'filters': {'allowed_domains': [1]} | tools[0].filters.allowed_domains[0]",
        "'filters': {'blocked_domains': ['a.example', {}]} | tools[0].filters.blocked_domains[1]",
        "'filters': {'blocked_domains': 'a.example'} | tools[0].filters.blocked_domains",
        "'filters': {'allowed_domains': ['a.example'], 'blocked_domains': ['b.example']} |"
                + " tools[0].filters.blocked_domains",
        "'user_location': {'type': 'exact'} | tools[0].user_location.type",
        "'user_location': {'city': 1} | tools[0].user_location.city",
    })
    void wrongMembersAreRefused(String member, String param) {
        var result = reader().translate(json(request(NEW, "'hi'", webSearch(member))), true);
        var refused = ((RequestOutcome.Refused<ResponsesContext>) result).refusal();
        assertThat(refused.param()).contains(param);
        assertThat(refused.message()).startsWith(param);
        assertThat(refused.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'user_location': {}",
                "'user_location': {'type': 'approximate'}",
                "'user_location': {'type': 'approximate', 'city': ' ', 'country': null}",
                "'filters': {'allowed_domains': [], 'blocked_domains': []}",
            })
    void whatIsEmptyIsLeftOut(String member) {
        var result = withWeb(webSearch(member));
        assertThat(result.message().getJsonArray("tools").getJsonObject(0).keySet())
                .containsExactlyInAnyOrder("type", "name");
        assertThat(result.ignored()).isEmpty();
    }

    @Test
    void oneListOfDomainsIsSent() {
        var tool = withWeb(webSearch("'filters': {'allowed_domains': [], 'blocked_domains': ['a.example']}"))
                .message()
                .getJsonArray("tools")
                .getJsonObject(0);
        assertThat(tool.getJsonArray("blocked_domains").getString(0)).isEqualTo("a.example");
        assertThat(tool).doesNotContainKey("allowed_domains");
    }

    private static String webSearch(String member) {
        return "'tools': [{'type': 'web_search', " + member + "}]";
    }
}
