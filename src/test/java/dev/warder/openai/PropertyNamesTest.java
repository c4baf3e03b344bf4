package dev.warder.openai;

import static dev.warder.openai.ChatSample.OPUS;
import static dev.warder.openai.ChatSample.assertJson;
import static dev.warder.openai.ChatSample.json;
import static dev.warder.openai.ChatSample.translated;
import static dev.warder.openai.ChatSample.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.stream.MessageReader.DeltaKind;
import dev.warder.testkit.EachRow;
import dev.warder.testkit.Turns;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of properties that the API refuses. */
@Tag("turn-5")
class PropertyNamesTest {
    private static final String ACCEPTED = "[a-zA-Z0-9_.-]{1,64}";
    private static final String TOP = "_top_81bf98e4";
    private static final String STATE = "filter_state__ce54a381";
    private static final String SIZE = "gr__e_d353a267";
    private static final String LONG = "n".repeat(75);
    private static final String SENT_LONG = "n".repeat(40) + "_3453b54c";
    private static final String[] CHARACTERS =
            "a|B|9|_|.|-|$|[|]| |/|~|\u00fc|\u6570|\ud83d\ude00|\"|\\|\n|\u0001|{|}|,|:".split("[|]");
    private static final String NAMES = "'$top': {}, 'filter[state]': {}, 'größe': {}, '" + LONG + "': {}, 'plain': {}";
    private static final ChatContext FOUR = with(OPUS, tools(NAMES)).context();

    @EachRow({
        "a.b-c_D9 | a.b-c_D9",
        "filter[state] | " + STATE,
        "$top | " + TOP,
        "größe | " + SIZE,
        "数量 | ___5e29d121",
        "@odata.type | _odata_type_6dada5b0",
        "`` | _e3b0c442",
    })
    void replacesANameThatTheApiRefuses(String name, String sent) {
        assertThat(properties(tools("'" + name + "': {'type': 'string'}"))).containsOnlyKeys(sent);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 65, 75, 128, 129})
    void replacesANameThatIsTooLong(int length) {
        String name = "n".repeat(length);
        String sent =
                properties(tools("'" + name + "': {}")).keySet().iterator().next();
        assertThat(sent.equals(name)).isEqualTo(length <= 64 || length > 128);
        assertThat(sent.matches(ACCEPTED)).isEqualTo(length <= 128);
    }

    @Test
    void keepsTheMeaningOfASchema() {
        assertJson(
                schema(
                        """
                        {'type': 'object', '$defs': {'a$b': {'properties': {'$top': {'title': 'Top', 'minimum': 1}}}},
                         'properties': {
                          '$top': {'$ref': '#/$defs/a$b/properties/$top'}, 'filter[state]': {'enum': ['$top', {'$top': 1}]},
                          'properties': {'type': 'object', 'properties': {'required': true, '$top': true}, 'required': ['$top', 1]},
                          'a': {'items': {'anyOf': [{'properties': {'größe': {'$ref': '#/properties/filter%5Bstate%5D/x'}}}]}},
                          'b': {'prefixItems': [{'$ref': '#/properties/a/items/anyOf/0/properties/gr%C3%B6%C3%9Fe'}],
                           'additionalProperties': {'default': {'$top': ['$top']}, 'examples': [{'größe': null}]}},
                          'c': {'not': {'required': ['unknown[]']}, 'discriminator': {'propertyName': '$top'}}},
                         'required': ['$top', 'a'], 'dependentRequired': {'$top': ['filter[state]', 'a']},
                         'dependentSchemas': {'größe': {'required': ['$top']}}, 'dependencies': {'a': ['$top']},
                         'patternProperties': {'^\\\\$x': {'properties': {'$top': {'$ref': 'other#/a/$top'}}}}}
                        """),
                """
                {'type': 'object', '$defs': {'a$b': {'properties': {'TOP': {'title': 'Top', 'minimum': 1}}}},
                 'properties': {
                  'TOP': {'$ref': '#/$defs/a$b/properties/TOP'}, 'STATE': {'enum': ['$top', {'TOP': 1}], 'title': 'filter[state]'},
                  'properties': {'type': 'object', 'properties': {'required': true, 'TOP': true}, 'required': ['TOP', 1]},
                  'a': {'items': {'anyOf': [{'properties': {'SIZE': {'$ref': '#/properties/STATE/x'}}}]}},
                  'b': {'prefixItems': [{'$ref': '#/properties/a/items/anyOf/0/properties/SIZE'}],
                   'additionalProperties': {'default': {'TOP': ['$top']}, 'examples': [{'SIZE': null}]}},
                  'c': {'not': {'required': ['unknown[]']}, 'discriminator': {'propertyName': 'TOP'}}},
                 'required': ['TOP', 'a'], 'dependentRequired': {'TOP': ['STATE', 'a']},
                 'dependentSchemas': {'SIZE': {'required': ['TOP']}}, 'dependencies': {'a': ['TOP']},
                 'patternProperties': {'^\\\\$x': {'properties': {'TOP': {'$ref': 'other#/a/$top'}}}}}
                """
                        .replace("TOP", TOP)
                        .replace("STATE", STATE)
                        .replace("SIZE", SIZE));
    }

    @Test
    void readsAReferenceAsAnEscapedPointer() {
        var properties = properties(tools("'a/b~c': {'x': {}}, 'd': {'$ref': '#/properties/a~1b~0c/x'}"));
        String name = properties.keySet().iterator().next();
        assertThat(name).matches("a_b_c_[0-9a-f]{8}");
        assertJson(properties.get("d"), "{'$ref': '#/properties/" + name + "/x'}");
    }

    @Test
    void replacesNamesOfStrictToolsAndOfOtherForms() {
        for (String tool : List.of(
                "{'type': 'function', 'function': {'name': 'f', 'strict': true, 'parameters': %s}}",
                "{'type': 'function', 'name': 'f', 'parameters': %s}", "{'name': 'f', 'input_schema': %s}")) {
            var sent = with(OPUS, "'tools': [" + tool.formatted("{'type': 'object', 'properties': {'$top': {}}}") + "]")
                    .message();
            assertThat(properties(sent)).containsOnlyKeys(TOP);
        }
        var functions = with(OPUS, "'functions': [{'name': 'f', 'parameters': {'properties': {'$top': {}}}}]");
        assertThat(properties(functions.message())).containsOnlyKeys(TOP);
    }

    @Test
    void leavesARequestWithoutSuchNamesAsItIs() {
        var result = with(OPUS, tools("'a': {'properties': {'b.c': {}}}, 'd': {'default': {'$top': 1}}"));
        assertThat(result.context().names()).isSameAs(PropertyNames.NONE);
        assertThat(result.context().names().memory()).isZero();
        assertThat(properties(result.message())).containsOnlyKeys("a", "d");
    }

    @Test
    void aNameIsTheSameInEachRequestUnlessThePropertiesHaveItAlready() {
        assertThat(properties(tools("'$top': {}, 'größe': {}"))).containsOnlyKeys(TOP, SIZE);
        assertThat(properties(tools("'größe': {}, 'a': {'properties': {'$top': {}}}, '$top': {}")))
                .containsOnlyKeys(SIZE, "a", TOP);
        String taken = "'" + TOP + "': {}";
        for (int i = 0; i < 20; i++) {
            var sent = properties(tools("'$top': {}, " + taken)).keySet();
            assertThat(sent).hasSize(i + 2).allMatch(name -> name.matches(ACCEPTED));
            assertThat(properties(tools(taken + ", '$top': {}")).keySet()).containsExactlyInAnyOrderElementsOf(sent);
            taken = sent.stream().map(name -> "'" + name + "': {}").collect(Collectors.joining(", "));
        }
    }

    @Test
    void callsOfTheConversationHaveTheNamesOfTheirTool() {
        String calls = "{'role': 'assistant', 'tool_calls': [%s, %s]}, {'role': 'tool', 'tool_call_id': 'f', 'content':"
                + " '{\\'$top\\': 1}'}, {'role': 'tool', 'tool_call_id': 'g', 'content': '{}'}";
        String arguments = "{\\'$top\\': 5, \\'a\\': [{\\'größe\\': \\'$top\\', \\'$skip\\': 1.50}]}";
        var first = translated(history(calls.formatted(call("f", arguments), call("g", arguments))));
        var messages = first.message().getJsonArray("messages");
        var blocks = messages.getJsonObject(1).getJsonArray("content");
        assertThat(blocks.getJsonObject(0).get("input").toString())
                .isEqualTo("{\"" + TOP + "\":5,\"a\":[{\"" + SIZE + "\":\"$top\",\"$skip\":1.50}]}");
        assertThat(blocks.getJsonObject(1).get("input").toString())
                .isEqualTo("{\"$top\":5,\"a\":[{\"größe\":\"$top\",\"$skip\":1.50}]}");
        assertThat(messages.getJsonObject(2).toString()).contains("{\\\"$top\\\": 1}");
        assertThat(first.ignored()).isEmpty();
        var second = translated(history(calls.formatted(call("f", arguments), call("g", arguments))
                + ", {'role': 'assistant', 'content': 'a'}, {'role': 'user', 'content': 'b'}"));
        assertThat(second.message().get("tools"))
                .hasToString(first.message().get("tools").toString());
        String prefix = messages.toString();
        assertThat(second.message().get("messages").toString()).startsWith(prefix.substring(0, prefix.length() - 1));
    }

    @Test
    void callsOfAConversationWithoutToolsStayAsTheyAre() {
        String request = "{'model': 'claude-sonnet-4-5', 'messages': [{'role': 'user', 'content': 'hi'}, {'role':"
                + " 'assistant', 'tool_calls': [" + call("f", "{\\'$top\\': 5}")
                + "]}, {'role': 'tool', 'tool_call_id':"
                + " 'f', 'content': 'r'}]}";
        assertThat(translated(request).message().getJsonArray("messages").toString())
                .contains("\"input\":{\"$top\":5}");
    }

    @Test
    void putsNamesBackWhereverTheInputIsCut() {
        String sent =
                "{\"" + TOP + "\": \"" + TOP + "\", \"gr__e_d353\\u00612\\u00367\" :{ \"x\\\"" + TOP + "\":[\"" + STATE
                        + "\", {\"" + STATE + "\":\"\\ud83d\\ude00\ud83d\ude00\\\\\"}],\n\"" + SENT_LONG
                        + "\":null},\"plain\":[["
                        + "\"" + TOP + "\",\"" + TOP + "\"]],\"gr__e_d353a268\":\"}\\\\\",\"" + TOP + "\":{}}";
        String client = "{\"$top\": \"" + TOP + "\", \"größe\" :{ \"x\\\"" + TOP + "\":[\"" + STATE
                + "\", {\"filter[state]\":\"\\ud83d\\ude00\ud83d\ude00\\\\\"}],\n\"" + LONG + "\":null},\"plain\":[["
                + "\"" + TOP + "\",\"" + TOP + "\"]],\"gr__e_d353a268\":\"}\\\\\",\"$top\":{}}";
        for (int cut = 0; cut <= sent.length(); cut++) {
            assertThat(read(FOUR, List.of(sent.substring(0, cut), sent.substring(cut))))
                    .isEqualTo(client);
        }
        assertThat(read(FOUR, sent.chars().mapToObj(Character::toString).toList()))
                .isEqualTo(client);
        String events = events(List.of(sent));
        byte[] bytes = events.getBytes(StandardCharsets.UTF_8);
        for (int piece = 1; piece < bytes.length; piece += 1 + piece / 8) {
            assertThat(Talk.frames(FOUR, events, piece).arguments(0)).isEqualTo(client);
        }
    }

    @Test
    void passesOnEachPieceOfAValue() {
        var frames = Talk.frames(
                FOUR, events(List.of("{\"", TOP, "\":\"a", "\ud83d", "\ude00", "b\\", "\"\",\"plain\":", "1")), 1000);
        assertThat(frames.calls(0).stream()
                        .map(call -> call.getJsonObject("function").getString("arguments")))
                .containsExactly("", "{", "\"$top\":\"a", "\ud83d\ude00", "b\\", "\"\",\"plain\":", "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"_to", "{\"_top_81bf98e4", "{\"\\", "nothing", "]]}}", "\"_top_81bf98e4\":1", "{\"\\ud83d"})
    void passesOnAnInputThatIsCutOffOrNoJson(String input) {
        assertThat(read(FOUR, List.of(input))).isEqualTo(input);
    }

    @Test
    void passesOnALongNameThatNoOtherMayBe() {
        String name = "\\u0061".repeat(70_000);
        assertThat(read(FOUR, List.of("{\"" + name, "\":{\"" + TOP + "\":1}}")))
                .isEqualTo("{\"" + name + "\":{\"$top\":1}}");
    }

    @Test
    void anotherToolKeepsANameThatLooksLikeOneToReplace() {
        var context = translated(history("{'role': 'user', 'content': 'u'}")).context();
        String input = "{\"" + TOP + "\":1,\"x\":{\"" + SIZE + "\":2}}";
        assertThat(JsonTree.parse(read(context, "g", List.of(input))))
                .contains(JsonTree.parse(input).orElseThrow());
        assertThat(read(context, "f", List.of(input))).isEqualTo("{\"$top\":1,\"x\":{\"größe\":2}}");
    }

    @Test
    void putsNamesBackInWholeResponsesAndInFunctionCalls() {
        var block = "{'type': 'tool_use', 'id': 'toolu_1', 'name': 'f', 'input': {'" + TOP + "': {'" + SIZE + "': '"
                + TOP + "'}}}";
        String client = "{\"$top\":{\"größe\":\"" + TOP + "\"}}";
        byte[] message = message(block);
        assertThat(whole(FOUR, message).getJsonArray("tool_calls").toString()).contains(JsonText.quote(client));
        var functions = with(OPUS, "'functions': [{'name': 'f', 'parameters': {'properties': {" + NAMES + "}}}]")
                .context();
        assertThat(whole(functions, message).getJsonObject("function_call").getString("arguments"))
                .isEqualTo(client);
        assertThat(ChatFrames.of(Talk.response(FOUR).whole(message, true).orElseThrow())
                        .arguments(0))
                .isEqualTo(client);
    }

    @Test
    void theContentHasTheNamesOfTheFormThatIsAToolsInput() {
        String schema = "{'type': 'object', 'properties': {'$top': {'additionalProperties': {'type': 'string'}}}}";
        var result = with(
                "claude-opus-5",
                "'response_format': {'type': 'json_schema', 'json_schema': {'name': 's', 'schema': " + schema + "}}");
        assertThat(properties(result.message())).containsOnlyKeys(TOP);
        var block = "{'type': 'tool_use', 'id': 'toolu_1', 'name': 's', 'input': {'" + TOP + "': {}}}";
        assertThat(whole(result.context(), message(block)).getString("content")).isEqualTo("{\"$top\":{}}");
        String events = Talk.call("s", "{\"_top_8", "1bf98e4\":{}}");
        assertThat(Talk.frames(result.context(), events, 50).joined("content")).isEqualTo("{\"$top\":{}}");
    }

    @Test
    void countsTheNamesThatAResponseKeeps() {
        assertThat(FOUR.names().memory()).isGreaterThan(4 * 100);
        assertThat(Talk.response(FOUR).kept()).isEqualTo(FOUR.names().memory());
    }

    /** Random inputs, which are sent in a conversation and come back as the model's, are the client's again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 1001, 2001})
    void randomInputsComeBack(long first) {
        for (long seed = first; seed < first + Turns.of(30, 300); seed++) {
            var random = new Random(seed);
            var names = random.ints(1 + random.nextInt(12))
                    .mapToObj(i -> name(random))
                    .distinct()
                    .toList();
            String schema = names.stream()
                    .map(name -> JsonText.quote(name) + ": {}")
                    .collect(Collectors.joining(", ", "{\"properties\": {", "}}"));
            var input = value(names, random, 3);
            String request =
                    "{\"model\": \"claude-sonnet-4-5\", \"tools\": [{\"name\": \"f\", \"input_schema\": " + schema
                            + "}], \"messages\": [{\"role\": \"user\", \"content\": \"u\"}, {\"role\": \"assistant\","
                            + " \"tool_calls\": [{\"id\": \"f\", \"function\": {\"name\": \"f\", \"arguments\": "
                            + JsonText.quote("{\"x\": " + input + "}")
                            + "}}]}, {\"role\": \"tool\", \"tool_call_id\": \"f\", \"content\": \"r\"}]}";
            var result = translated(
                    ChatSample.requests(), JsonTree.parseDistinctObject(request).orElseThrow());
            assertThat(properties(result.message()).keySet())
                    .allMatch(name -> name.matches(ACCEPTED))
                    .hasSameSizeAs(names);
            var sent = result.message()
                    .getJsonArray("messages")
                    .getJsonObject(1)
                    .getJsonArray("content")
                    .getJsonObject(0)
                    .getJsonObject("input");
            assertThat(names(sent)).as("seed %d", seed).allMatch(name -> name.matches(ACCEPTED));
            String written = random.nextBoolean() ? sent.toString() : JsonTree.lines(sent);
            assertThat(JsonTree.parse(read(result.context(), pieces(written, random))))
                    .as("seed %d", seed)
                    .contains(JsonTree.parse("{\"x\": " + input + "}").orElseThrow());
        }
    }

    private static String name(Random random) {
        return random.ints(random.nextInt(90), 0, CHARACTERS.length)
                .mapToObj(i -> CHARACTERS[i])
                .collect(Collectors.joining());
    }

    private static JsonValue value(List<String> names, Random random, int depth) {
        int kind = depth == 0 ? 2 : random.nextInt(3);
        if (kind == 2) {
            return JsonTree.string(names.get(random.nextInt(names.size())));
        }
        var object = JsonTree.newObject();
        var items = JsonTree.newArray();
        for (int i = random.nextInt(5); i > 0; i--) {
            var value = value(names, random, depth - 1);
            object.add(names.get(random.nextInt(names.size())), value);
            items.add(value);
        }
        return kind == 0 ? object.build() : items.build();
    }

    /** The names of the members at any depth. */
    private static Stream<String> names(JsonValue value) {
        if (value instanceof JsonArray items) {
            return items.stream().flatMap(PropertyNamesTest::names);
        }
        return value instanceof JsonObject object
                ? Stream.concat(
                        object.keySet().stream(), object.values().stream().flatMap(PropertyNamesTest::names))
                : Stream.empty();
    }

    private static List<String> pieces(String text, Random random) {
        var cuts = IntStream.concat(IntStream.of(0, text.length()), random.ints(random.nextInt(20), 0, text.length()))
                .sorted()
                .toArray();
        return IntStream.range(1, cuts.length)
                .mapToObj(i -> text.substring(cuts[i - 1], cuts[i]))
                .toList();
    }

    private static String tools(String properties) {
        return "'tools': [{'type': 'function', 'function': {'name': 'f', 'parameters': {'type': 'object', 'properties': {"
                + properties + "}}}}]";
    }

    private static JsonObject schema(String schema) {
        String tools = "'tools': [{'type': 'function', 'function': {'name': 'f', 'parameters': " + schema + "}}]";
        return with(OPUS, tools)
                .message()
                .getJsonArray("tools")
                .getJsonObject(0)
                .getJsonObject("input_schema");
    }

    private static JsonObject properties(String tools) {
        return properties(with(OPUS, tools).message());
    }

    private static JsonObject properties(JsonObject message) {
        return message.getJsonArray("tools")
                .getJsonObject(0)
                .getJsonObject("input_schema")
                .getJsonObject("properties");
    }

    /** A request with a tool {@code f}, whose names are replaced, and a tool {@code g} without such names. */
    private static String history(String messages) {
        return "{'model': 'claude-sonnet-4-5', "
                + tools(NAMES).replace("'tools': [", "'tools': [{'name': 'g', 'input_schema': {}}, ")
                + ", 'messages': [{'role': 'user', 'content': 'hi'}, " + messages + "]}";
    }

    private static String call(String tool, String arguments) {
        return "{'id': '" + tool + "', 'function': {'name': '" + tool + "', 'arguments': '" + arguments + "'}}";
    }

    private static String events(List<String> pieces) {
        return events("f", pieces);
    }

    private static String events(String tool, List<String> pieces) {
        return Talk.start()
                + Talk.beginTool(0, "toolu_1", tool)
                + pieces.stream()
                        .map(piece -> Talk.delta(
                                0, DeltaKind.INPUT, new String(JsonText.literal(piece), StandardCharsets.UTF_8)))
                        .collect(Collectors.joining())
                + Talk.stop(0)
                + Talk.end("tool_use");
    }

    private static String read(ChatContext context, List<String> pieces) {
        return read(context, "f", pieces);
    }

    private static String read(ChatContext context, String tool, List<String> pieces) {
        return Talk.frames(context, events(tool, pieces)).arguments(0);
    }

    private static byte[] message(String block) {
        return JsonText.utf8(json("{'id': 'msg_1', 'type': 'message', 'role': 'assistant', 'content': [" + block
                        + "], 'stop_reason': 'tool_use', 'usage': {'input_tokens': 1, 'output_tokens': 1}}")
                .toString());
    }

    private static JsonObject whole(ChatContext context, byte[] message) {
        return ChatFrames.json(
                        new String(Talk.response(context).whole(message, false).orElseThrow(), StandardCharsets.UTF_8))
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message");
    }
}
