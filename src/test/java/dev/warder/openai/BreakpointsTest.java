package dev.warder.openai;

import static dev.warder.openai.ChatSample.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelMap;
import dev.warder.config.Secret;
import dev.warder.edit.ModelCatalog;
import dev.warder.json.JsonTree;
import dev.warder.openai.responses.ResponsesRequestReader;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.stream.Translation;
import dev.warder.testkit.EachRow;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cache breakpoints of a request are the same in both dialects (rule "Translated requests"). */
class BreakpointsTest {
    private static final String MODEL = "claude-opus-5-5";
    private static final String MARK = ", 'prompt_cache_breakpoint': {'mode': 'explicit'}";
    private static final Pattern MARKED =
            Pattern.compile("\"(?:text|name)\":\"(\\w)\"(?:,\"input_schema\":\\{[^}]*\\}\\})?,\"cache_control\"");

    /**
     * Of more than four, the latest four count; a named prompt has one of the four places at least.
     *
     * @param set the texts that have a breakpoint: {@code s} of the system, {@code 1} to {@code 5} of the user
     * @param marked the texts, and the tool {@code t}, that are marked upstream
     */
    @EachRow({
        "`` | `` | ``",
        "1 | `` | 1",
        "s245 | `` | s245",
        "s1245 | `` | 1245",
        "s12345 | `` | 2345",
        "`` | 'prompt_cache_key': 'k' | st35",
        "1 | 'prompt_cache_key': 'k' | s135",
        "5 | 'prompt_cache_key': 'k' | st35",
        "12 | 'prompt_cache_key': 'k' | 1235",
        "s1234 | 'prompt_cache_key': 'k' | 2345",
        "`` | 'prompt_cache_key': 'k', 'prompt_cache_options': {'mode': 'explicit'} | ``",
        "1 | 'prompt_cache_key': 'k', 'prompt_cache_options': {'mode': 'explicit'} | 1",
        "s1234 | 'prompt_cache_key': 'k', 'prompt_cache_options': {'mode': 'explicit'} | 1234",
        "1 | 'prompt_cache_key': 'k', 'prompt_cache_options': {'mode': 'implicit'} | s135",
    })
    void theClientsComeFirst(String set, String members, String marked) {
        String comma = members.isEmpty() ? "" : ", ";
        for (boolean chat : new boolean[] {true, false}) {
            var sent = chat ? chat(set, comma + members) : responses(set, comma + members);
            assertThat(sent.ignored()).isEmpty();
            assertThat(marked(sent.message())).as("chat %s", chat).isEqualTo(marked);
        }
    }

    @Test
    void outputsOfToolsHaveSome() {
        String part = "{'type': 'input_text', 'text': 'r'" + MARK + "}";
        var chat = chat("{'role': 'user', 'content': 'u'}, {'role': 'assistant', 'tool_calls': [{'id': 'c', 'type':"
                + " 'function', 'function': {'name': 't', 'arguments': '{}'}}]}, {'role': 'tool', 'tool_call_id': 'c',"
                + " 'content': [" + part + "]}], 'prompt_cache_options': {'ttl': '30m'}");
        var responses = responses("{'role': 'user', 'content': 'u'}, {'type': 'function_call', 'call_id': 'c', 'name':"
                + " 't', 'arguments': '{}'}, {'type': 'function_call_output', 'call_id': 'c', 'output': [" + part
                + "]}], 'prompt_cache_options': {'ttl': '30m'}");
        for (var sent : List.of(chat, responses)) {
            assertThat(marked(sent.message())).isEqualTo("r");
            assertThat(sent.ignored()).containsExactly("ttl");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thoseInTheApisFormAreTheOnlyOnes(boolean chat) {
        String user = "{'role': 'user', 'content': [{'type': 'text', 'text': '1', 'cache_control': {'type':"
                + " 'ephemeral'}" + MARK + "}, {'type': 'text', 'text': '2'}]}], 'prompt_cache_key': 'k'";
        var sent = chat ? chat(user) : responses(user);
        assertThat(marked(sent.message())).isEqualTo("1");
        assertThat(sent.ignored()).containsExactly("prompt_cache_breakpoint", "prompt_cache_key");
    }

    /** The API refuses a request with five. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thoseInTheApisFormLeaveThePlacesThatAreLeft(boolean chat) {
        String own = "{'type': 'text', 'text': '%s', 'cache_control': {'type': 'ephemeral'}}, ";
        for (var marks : List.of("123", "1234")) {
            String texts =
                    marks.chars().mapToObj(text -> own.formatted((char) text)).collect(Collectors.joining());
            String user = "{'role': 'user', 'content': [" + texts + "{'type': 'text', 'text': '5'" + MARK + "}]}]";
            var sent = chat ? chat(user) : responses(user);
            assertThat(marked(sent.message())).isEqualTo(marks.length() < 4 ? marks + "5" : marks);
        }
    }

    @Test
    void aKeyIsTheSessionOfAChat() {
        var context = new Reply.Context("req_1", InstantSource.system(), 9);
        var chat = new DocumentTranslation<>(
                ChatSample.requests()::translate, "/v1/messages", read -> OpenAiFilter.chat(read, context));
        var sent = (Translation.Outcome.Translated) chat.translate(JsonTree.body(json("{'model': '" + MODEL
                + "', 'messages': [{'role': 'user', 'content': 'u'}]," + " 'prompt_cache_key': 'k'}")));
        assertThat(sent.session()).contains("k");
    }

    private record Sent(JsonObject message, SortedSet<String> ignored) {}

    private static Sent chat(String set, String members) {
        return chat("{'role': 'system', 'content': " + parts(set, "s") + "}, " + talk(set) + "]" + members);
    }

    private static Sent responses(String set, String members) {
        return responses("{'role': 'system', 'content': " + parts(set, "s") + "}, " + talk(set) + "]" + members);
    }

    private static String talk(String set) {
        return "{'role': 'user', 'content': " + parts(set, "12") + "}, {'role': 'assistant', 'content': 'a'},"
                + " {'role': 'user', 'content': " + parts(set, "3") + "}, {'role': 'assistant', 'content': 'b'},"
                + " {'role': 'user', 'content': " + parts(set, "45") + "}";
    }

    private static String parts(String set, String texts) {
        return texts.chars()
                .mapToObj(text ->
                        "{'type': 'text', 'text': '" + (char) text + "'" + (set.indexOf(text) >= 0 ? MARK : "") + "}")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static Sent chat(String messages) {
        var read = ChatSample.translated(
                ChatSample.requests(),
                json("{'model': '" + MODEL
                        + "', 'tools': [{'type': 'function', 'function': {'name': 't'}}], 'messages': [" + messages
                        + "}"));
        return new Sent(read.message(), read.ignored());
    }

    private static Sent responses(String items) {
        var seal = new ReasoningSeal(List.of(Secret.of("key-of-a-test")));
        var reader = new ResponsesRequestReader(ModelCatalog.shipped(), ModelMap.of(Optional.empty()), true, seal);
        var read = (RequestOutcome.Translated<ResponsesContext>) reader.translate(
                json("{'model': '" + MODEL + "', 'tools': [{'type': 'function', 'name': 't'}], 'input': [" + items
                        + "}"),
                false);
        return new Sent(read.message(), read.ignored());
    }

    private static String marked(JsonValue sent) {
        return MARKED.matcher(sent.toString())
                .results()
                .map(found -> found.group(1))
                .sorted(Comparator.comparing(text -> "st12345r".indexOf(text)))
                .collect(Collectors.joining());
    }
}
