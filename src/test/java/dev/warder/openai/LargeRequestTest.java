package dev.warder.openai;

import static dev.warder.openai.ChatSample.array;
import static dev.warder.openai.ChatSample.json;
import static dev.warder.openai.ChatSample.requests;
import static dev.warder.openai.ChatSample.sameHash;
import static dev.warder.openai.ChatSample.translated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.json.ValueCount;
import dev.warder.openai.shared.StructuredSchema;
import dev.warder.testkit.Turns;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a body of the allowed size can hold takes time in proportion to it, and no deep stack. */
@Tag("turn-5")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeRequestTest {
    private static final int MANY = Turns.of(5_000, 100_000);
    private static final int SOME = Turns.of(2_000, 20_000);
    private static final int SAME_HASH = 1 << 14;
    private static final String CALLED = "{'role': 'user', 'content': 'u'}, {'role': 'assistant', 'tool_calls': [%s]}";

    @Test
    void takesTwoHundredThousandMessages() {
        var message =
                message(times(MANY, i -> "{'role': 'user', 'content': 'u'}, {'role': 'assistant', 'content': 'a'}"));
        assertThat(message.getJsonArray("messages")).hasSize(2 * MANY);
    }

    @Test
    void takesManyCallsThatAreAnsweredByName() {
        int half = SOME;
        var calls = times(half, i -> call("a" + i, "g")) + ", " + times(half, i -> call("b" + i, "f"));
        var results = times(half, i -> "{'role': 'function', 'name': 'f', 'content': 'r'}") + ", "
                + times(half, i -> "{'role': 'function', 'name': 'g', 'content': 'r'}");
        var message = message(CALLED.formatted(calls) + ", " + results);
        assertThat(message.getJsonArray("messages").getJsonObject(2).getJsonArray("content"))
                .hasSize(2 * half);
    }

    @Test
    void countsTheArgumentsOfAllCalls() {
        String arguments = "{\\'a\\': [" + "1,".repeat(ValueCount.MOST / 2) + "1]}";
        var call = "{'id': '%s', 'function': {'name': 'f', 'arguments': '" + arguments + "'}}";
        var request = "{'model': 'claude-opus-5', 'messages': ["
                + CALLED.formatted(call.formatted("a") + ", " + call.formatted("b")) + "]}";
        assertThat(ChatSample.refusal(request).param()).contains("messages[1].tool_calls[1].function.arguments");
    }

    @Test
    void takesTwentyThousandTools() {
        var tools = times(SOME, i -> "{'type': 'function', 'function': {'name': 'f" + i + "'}}");
        var allowed = times(SOME, i -> "{'type': 'function', 'function': {'name': 'f" + i + "'}}");
        var result = ChatSample.with(
                "claude-opus-5",
                "'tools': [" + tools + "], 'tool_choice': {'type': 'allowed_tools', 'allowed_tools': {'mode': 'auto',"
                        + " 'tools': [" + allowed + "]}}");
        assertThat(result.message().getJsonArray("tools")).hasSize(SOME);
    }

    @Test
    void choosesAmongToolsThatHaveTheSameHash() {
        var tools = times(SAME_HASH, i -> "{'type': 'custom', 'custom': {'name': '" + sameHash(i) + "'}}");
        var result = ChatSample.with(
                "claude-opus-5",
                "'tools': [" + tools + "], 'tool_choice': {'type': 'allowed_tools', 'allowed_tools': {'tools': ["
                        + tools + "]}}");
        assertThat(result.message().getJsonArray("tools")).hasSize(SAME_HASH);
        assertThat(result.context().customTools()).hasSize(SAME_HASH);
    }

    @Test
    void followsReferencesToDefinitionsThatHaveTheSameHash() {
        var properties = times(SAME_HASH, i -> "'p" + i + "': {'$ref': '#/$defs/" + sameHash(i) + "'}");
        var definitions = times(SAME_HASH, i -> "'" + sameHash(i) + "': {'type': 'string'}");
        String schema = "{'type': 'object', 'properties': {" + properties + "}, '$defs': {" + definitions + "}}";
        assertThat(formatOf(schema).getJsonObject("$defs")).hasSize(SAME_HASH);
    }

    @Test
    void replacesNamesOfPropertiesThatHaveTheSameHash() {
        var properties = times(SAME_HASH, i -> "'$" + sameHash(i) + "': {}, '" + sameHash(i) + "': {}");
        var required = times(SAME_HASH, i -> "'$" + sameHash(i) + "'");
        var result = ChatSample.with(
                "claude-opus-5",
                "'tools': [{'name': 'f', 'input_schema': {'properties': {" + properties + "}, 'required': [" + required
                        + "]}}]");
        var names = schemaOf(result.message()).getJsonObject("properties").keySet();
        assertThat(names).hasSize(2 * SAME_HASH).allMatch(name -> name.matches("[a-zA-Z0-9_.-]{1,64}"));
        String input = "{\"" + String.join("\":1,\"", names) + "\":1}";
        byte[] message =
                JsonText.utf8("{\"type\":\"message\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\","
                        + "\"input\":" + input + "}]}");
        var completion = Talk.response(result.context()).whole(message, false).orElseThrow();
        assertThat(new String(completion, StandardCharsets.UTF_8))
                .contains("\\\"$" + sameHash(SAME_HASH - 1) + "\\\":1");
    }

    @Test
    void replacesNamesOfPropertiesOfManyLevels() {
        int levels = 55;
        String schema = "{'properties': {'$a': ".repeat(levels) + "{}" + "}}".repeat(levels);
        var result = ChatSample.with("claude-opus-5", "'tools': [{'name': 'f', 'input_schema': " + schema + "}]");
        assertThat(schemaOf(result.message()).toString()).doesNotContain("\"$a\":");
    }

    @Test
    void closesASchemaOfManyLevels() {
        String schema = "{'type': 'object', 'properties': {'a': ".repeat(50) + "{}" + "}}".repeat(50);
        assertThat(formatOf(schema).toString()).contains("additionalProperties");
    }

    @Test
    void followsALongChainOfReferences() {
        int last = MANY;
        String definitions = times(
                last,
                i -> "'d" + i + "': {'type': 'object', 'properties': {'a': {'$ref': '#/$defs/d" + (i + 1) + "'}}}");
        String schema = "{'type': 'object', 'properties': {'a': {'$ref': '#/$defs/d0'}}, '$defs': {" + definitions
                + ", 'd" + last + "': {'type': 'string'}}}";
        assertThat(formatOf(schema).getJsonObject("$defs")).hasSize(last + 1);
        assertThat(StructuredSchema.closed(
                        json(schema.replace(
                                "'d" + last + "': {'type': 'string'}", "'d" + last + "': {'$ref': '#/$defs/d0'}")),
                        true))
                .isEmpty();
    }

    @Test
    void followsAChainOfReferencesAtTheTop() {
        int last = SOME;
        String definitions = times(last, i -> "'d" + i + "': {'$ref': '#/$defs/d" + (i + 1) + "'}");
        var closed = formatOf("{'$ref': '#/$defs/d0', '$defs': {" + definitions + ", 'd" + last
                + "': {'type': 'object', 'properties': {'b': {}}}}}");
        assertThat(closed.getJsonObject("properties")).containsKey("b");
        assertThat(closed).doesNotContainKey("$ref");
    }

    @Test
    void takesAnImageOfMoreThanTheParsersOwnLimit() {
        String data = "iVBORw0KGgoA" + "A".repeat(16 << 20);
        var message = message("{'role': 'user', 'content': [{'type': 'image_url', 'image_url':"
                + " {'url': 'data:image/png;base64," + data + "'}}]}");
        assertThat(message.getJsonArray("messages")
                        .getJsonObject(0)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getJsonObject("source")
                        .getString("data"))
                .hasSize(data.length());
    }

    @Test
    void findsAFreeNameForTheAnswersTool() {
        var names =
                IntStream.range(0, 122).mapToObj(i -> "respond" + "_".repeat(i)).collect(Collectors.toList());
        var tools = times(names.size(), i -> "{'function': {'name': '" + names.get(i) + "'}}");
        var result = ChatSample.with(
                "{'id': 'claude-opus-5', 'capabilities': {'structured_outputs': {'supported': false}}}",
                "claude-opus-5",
                "'tools': [" + tools + "], 'response_format': {'type': 'json_schema', 'json_schema': {'schema': {}}}");
        assertThat(result.context().unwrappedTool()).isPresent();
        assertThat(names).doesNotContain(result.context().unwrappedTool().orElseThrow());
    }

    private static String call(String id, String name) {
        return "{'id': '" + id + "', 'type': 'function', 'function': {'name': '" + name + "', 'arguments': ''}}";
    }

    private static String times(int count, IntFunction<String> item) {
        return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(", "));
    }

    private static JsonObject message(String messages) {
        return translated(
                        requests(),
                        JsonTree.newObject()
                                .add("model", "claude-sonnet-4-5")
                                .add("messages", array("[" + messages + "]"))
                                .add("tools", array("[{'function': {'name': 'f'}}]"))
                                .build())
                .message();
    }

    private static JsonObject schemaOf(JsonObject message) {
        return message.getJsonArray("tools").getJsonObject(0).getJsonObject("input_schema");
    }

    private static JsonObject formatOf(String schema) {
        return ChatSample.with(
                        "claude-opus-5",
                        "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'n', 'schema': " + schema
                                + "}}")
                .message()
                .getJsonObject("output_config")
                .getJsonObject("format")
                .getJsonObject("schema");
    }
}
