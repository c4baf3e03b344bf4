package dev.warder.openai.responses;

import static dev.warder.openai.ChatSample.json;
import static dev.warder.openai.ChatSample.sameHash;
import static dev.warder.openai.responses.ItemsSample.NEW;
import static dev.warder.openai.responses.ItemsSample.SEAL;
import static dev.warder.openai.responses.ItemsSample.THINKING;
import static dev.warder.openai.responses.ItemsSample.USER;
import static dev.warder.openai.responses.ItemsSample.reader;
import static dev.warder.openai.responses.ItemsSample.reasoning;
import static dev.warder.openai.responses.ItemsSample.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Bodies;
import dev.warder.json.ValueCount;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.openai.shared.ValueMemory;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a body of the allowed size can hold takes time in proportion to it, and no deep stack. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeItemsTest {
    private static final int MANY = 50_000;
    private static final int SOME = 10_000;
    private static final int SAME_HASH = 1 << 13;

    @Test
    void takesManyItems() {
        var message = message(request(
                NEW,
                "[" + times(SOME, i -> "{'role': 'user', 'content': 'u'}, {'role': 'assistant', 'content': 'a'}") + ","
                        + USER + "]",
                ""));
        assertThat(message.message().getJsonArray("messages")).hasSize(2 * SOME + 1);
    }

    @Test
    void takesManyCallsAndReasoningItems() {
        String thinking = reasoning(THINKING);
        var message = message(request(
                NEW,
                "[" + USER + "," + times(SOME, i -> thinking + "," + call(i)) + ","
                        + times(SOME, LargeItemsTest::output) + "]",
                "'prompt_cache_key': 'k'"));
        assertThat(message.message().getJsonArray("messages").getJsonObject(1).getJsonArray("content"))
                .hasSize(2 * SOME);
    }

    @Test
    void takesManyTurnsThatAreDropped() {
        String thinking = reasoning(THINKING);
        var message = message(request(NEW, "[" + USER + "," + times(SOME, i -> thinking + "," + USER) + "]", ""));
        assertThat(message.message().getJsonArray("messages")).hasSize(1);
        assertThat(message.ignored()).containsExactly("reasoning");
    }

    @Test
    void takesManyToolsAndNamespaces() {
        var tools = times(
                SOME,
                i -> "{'type': 'function', 'name': 'f" + i + "'}, {'type': 'function', 'name': 'a.b" + i
                        + "'}, {'type': 'namespace', 'name': 'n" + i
                        + "', 'description': 'd', 'tools': [{'type': 'custom', 'name':"
                        + " 'p'}]}");
        var allowed = times(SOME, i -> "{'type': 'custom', 'name': 'p', 'namespace': 'n" + i + "'}");
        var result = message(request(
                NEW,
                "'hi'",
                "'tools': [" + tools + "], 'tool_choice': {'type': 'allowed_tools', 'mode': 'auto', 'tools': ["
                        + allowed + "]}"));
        assertThat(result.context().tools().byName()).hasSize(2 * SOME);
        assertThat(result.message().getJsonArray("tools")).hasSize(SOME);
    }

    @Test
    void allowsALargeNamespaceManyTimes() {
        var tools = times(MANY, i -> "{'type': 'function', 'name': 'f" + i + "'}");
        var allowed = times(MANY, i -> "{'type': 'namespace', 'name': 'n'}");
        var result = message(request(
                NEW,
                "'hi'",
                "'tools': [{'type': 'namespace', 'name': 'n', 'tools': [" + tools + "]}], 'tool_choice': {'type':"
                        + " 'allowed_tools', 'mode': 'auto', 'tools': [" + allowed + "]}"));
        assertThat(result.message().getJsonArray("tools")).hasSize(MANY);
    }

    @Test
    void takesNamesOfToolsThatHaveTheSameHash() {
        var functions = times(SAME_HASH, i -> "{'type': 'function', 'name': '" + sameHash(i) + "'}");
        var custom = times(SAME_HASH, i -> "{'type': 'custom', 'name': '" + sameHash(i + SAME_HASH) + "'}");
        var result = message(request(NEW, "'hi'", "'tools': [" + functions + "," + custom + "]"));
        assertThat(result.message().getJsonArray("tools")).hasSize(2 * SAME_HASH);
        assertThat(result.context().tools().byName()).hasSize(SAME_HASH);
    }

    @Test
    void sendsALongDescriptionOfANamespaceOnce() {
        int length = 1_000_000;
        var result = message(request(
                NEW,
                "'hi'",
                "'tools': [{'type': 'namespace', 'name': 'n', 'description': '" + "d".repeat(length) + "', 'tools': ["
                        + times(1000, i -> "{'type': 'function', 'name': 'f" + i + "'}") + "]}]"));
        assertThat(result.message().toString()).hasSizeBetween(length, 2 * length);
    }

    @Test
    void refusesALongNamespaceOfManyTools() {
        String name = "n".repeat(1_000_000);
        var tools = times(50_000, i -> "{'type': 'function', 'name': 'f" + i + "'}");
        var request = json(request(
                NEW, "'hi'", "'tools': [{'type': 'namespace', 'name': '" + name + "', 'tools': [" + tools + "]}]"));
        var result = reader().translate(request, false);
        assertThat(((RequestOutcome.Refused<ResponsesContext>) result).refusal().param())
                .contains("tools[0].name");
    }

    @Test
    void countsTheArgumentsOfAllCalls() {
        String arguments = "{\\u0022a\\u0022: [" + "1,".repeat(ValueCount.MOST / 2) + "1]}";
        var result = reader().translate(
                        json(request(
                                NEW,
                                "[" + USER + "," + times(2, i -> call(i).replace("'{}'", "'" + arguments + "'")) + "]",
                                "")),
                        false);
        assertThat(((RequestOutcome.Refused<ResponsesContext>) result).refusal().param())
                .contains("input[2].arguments");
    }

    @Test
    void chargesTheValuesOfSealedBlocks() {
        String blocks = "[{\"type\":\"thinking\",\"thinking\":\"" + "t".repeat(8000) + "\",\"signature\":["
                + "0,".repeat(1000) + "0]}]";
        String sealed = SEAL.seal(blocks.getBytes(UTF_8));
        assertThat(SEAL.open(sealed)).isPresent();
        long charged = memory("{\"encrypted_content\":\"" + sealed + "\"}") - memory("{\"encrypted_content\":\"\"}");
        assertThat(charged).isGreaterThan(1007 * 200L);
    }

    private static long memory(String json) {
        return ValueMemory.of(Bodies.of(json));
    }

    private static RequestOutcome.Translated<ResponsesContext> message(String request) {
        return (RequestOutcome.Translated<ResponsesContext>) reader().translate(json(request), false);
    }

    private static String call(int i) {
        return "{'type': 'function_call', 'call_id': 'c" + i + "', 'name': 'f" + i + "', 'arguments': '{}'}";
    }

    private static String output(int i) {
        return "{'type': 'function_call_output', 'call_id': 'c" + i + "', 'output': 'r'}";
    }

    private static String times(int count, IntFunction<String> item) {
        return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(", "));
    }
}
