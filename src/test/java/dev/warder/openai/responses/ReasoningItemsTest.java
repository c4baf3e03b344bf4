package dev.warder.openai.responses;

import static dev.warder.openai.ChatSample.assertJson;
import static dev.warder.openai.ChatSample.json;
import static dev.warder.openai.responses.ItemsSample.CALL;
import static dev.warder.openai.responses.ItemsSample.NEW;
import static dev.warder.openai.responses.ItemsSample.OLD;
import static dev.warder.openai.responses.ItemsSample.OUTPUT;
import static dev.warder.openai.responses.ItemsSample.REDACTED;
import static dev.warder.openai.responses.ItemsSample.SEAL;
import static dev.warder.openai.responses.ItemsSample.THINKING;
import static dev.warder.openai.responses.ItemsSample.USER;
import static dev.warder.openai.responses.ItemsSample.ignored;
import static dev.warder.openai.responses.ItemsSample.items;
import static dev.warder.openai.responses.ItemsSample.reasoning;
import static dev.warder.openai.responses.ItemsSample.request;
import static dev.warder.openai.responses.ItemsSample.translated;
import static dev.warder.openai.responses.ItemsSample.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelMap;
import dev.warder.config.Secret;
import dev.warder.edit.ModelCatalog;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.testkit.EachRow;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Thinking that the client sends back, and what it asks of new thinking. */
class ReasoningItemsTest {
    private static final String SEARCH =
            "{'type': 'server_tool_use', 'id': 'srvtoolu_1', 'name': 'web_search', 'input': {'query': 'q'}}";
    private static final String FOUND = "{'type': 'web_search_tool_result', 'tool_use_id': 'srvtoolu_1', 'content':"
            + " [{'type': 'web_search_result', 'title': 't', 'url': 'https://example.com', 'encrypted_content': 'x'}]}";

    @Test
    void packedBlocksAreTheVerySameBlocks() {
        var result = items(USER + "," + reasoning(THINKING, REDACTED) + "," + CALL + "," + OUTPUT);
        assertJson(
                result.message().getJsonArray("messages").get(1),
                "{'role': 'assistant', 'content': [" + THINKING + "," + REDACTED
                        + ", {'type': 'tool_use', 'id': 'c', 'name': 'f', 'input': {}}]}");
        assertThat(result.ignored()).isEmpty();
    }

    @Test
    void packedSearchesAreSilent() {
        String search = "{'type': 'web_search_call', 'id': 'ws_1', 'status': 'completed', 'action': {}},";
        String text = "{'role': 'assistant', 'content': 'Found.'},";
        var result = items(USER + "," + reasoning(THINKING, SEARCH, FOUND) + "," + search + text + USER);
        assertThat(result.ignored()).isEmpty();
        assertJson(
                result.message().getJsonArray("messages").getJsonObject(1).get("content"),
                "[" + THINKING + "," + SEARCH + "," + FOUND + ", {'type': 'text', 'text': 'Found.'}]");
        assertThat(ignored(items(USER + "," + reasoning(SEARCH, FOUND) + "," + search + search + text + USER)))
                .isEqualTo("web_search_call");
    }

    /** The turn of a response that was paused goes on where the client sends it back as it is. */
    @Test
    void aPausedSearchGoesOnAtTheEndOfTheInput() {
        var result = items(USER + "," + reasoning(THINKING) + "," + reasoning(SEARCH));
        assertJson(
                result.message().get("messages"),
                "[{'role': 'user', 'content': [{'type': 'text', 'text': 'hi'}]},"
                        + " {'role': 'assistant', 'content': [" + THINKING + "," + SEARCH + "]}]");
        assertThat(result.ignored()).isEmpty();
        var found = items(
                USER + "," + reasoning(SEARCH) + "," + reasoning(FOUND) + ", {'role': 'assistant', 'content': 'So'}");
        assertJson(
                found.message().getJsonArray("messages").getJsonObject(1).get("content"),
                "[" + SEARCH + "," + FOUND + ", {'type': 'text', 'text': 'So'}]");
        String effort = "'reasoning': {'effort': 'low'}";
        assertThat(translated(request(OLD, "[" + USER + "," + reasoning(THINKING, SEARCH) + "]", effort))
                        .message())
                .containsKey("thinking");
        assertThat(translated(request(OLD, "[" + USER + "," + reasoning(SEARCH) + "]", effort))
                        .message())
                .doesNotContainKey("thinking");
    }

    @Test
    void aSearchThatWaitsForACallGoesOnWithItsOutput() {
        String turn = USER + "," + reasoning(SEARCH) + "," + CALL + "," + OUTPUT;
        String call = "{'type': 'tool_use', 'id': 'c', 'name': 'f', 'input': {}}";
        var waits = items(turn + "," + USER);
        assertThat(waits.ignored()).isEmpty();
        assertJson(
                waits.message().getJsonArray("messages").getJsonObject(1).get("content"),
                "[" + SEARCH + "," + call + "]");
        var found = items(turn + "," + reasoning(FOUND) + "," + USER);
        assertThat(found.ignored()).isEmpty();
        assertThat(found.message().toString()).contains("server_tool_use", "web_search_tool_result");
        var lost = items(turn + ", {'role': 'assistant', 'content': 'So.'}," + USER);
        assertThat(ignored(lost)).isEqualTo("web_search_call");
        assertJson(lost.message().getJsonArray("messages").getJsonObject(1).get("content"), "[" + call + "]");
    }

    /** The API would refuse each of these in each later request. */
    @Test
    void aSearchThatDoesNotGoOnIsDropped() {
        var dropped = items(USER + "," + reasoning(THINKING, SEARCH) + "," + USER);
        assertJson(
                dropped.message().get("messages"),
                "[{'role': 'user', 'content': [{'type': 'text', 'text': 'hi'}, {'type': 'text', 'text': 'hi'}]}]");
        assertThat(ignored(dropped)).isEqualTo("reasoning,web_search_call");
        var orphan = items(USER + "," + reasoning(FOUND) + "," + USER);
        assertThat(orphan.message().getJsonArray("messages")).hasSize(1);
        assertThat(ignored(orphan)).isEqualTo("web_search_call");
    }

    static List<String> spoiltContents() {
        String whole = SEAL.seal(("[" + THINKING + "]").replace('\'', '"').getBytes(UTF_8));
        var contents = new ArrayList<>(List.of(
                "",
                "x",
                "gAAAAABo-of-another-provider",
                "warder1.",
                "warder1.!!!",
                "warder1.AAAA",
                "warder2" + whole.substring(7),
                whole + "A",
                whole + "=",
                whole.substring(0, whole.length() - 3),
                " " + whole,
                whole.replace("warder1.", "warder1.A"),
                new ReasoningSeal(List.of()).seal("[]".getBytes(UTF_8)),
                new ReasoningSeal(List.of(Secret.of("key-of-others"))).seal("[]".getBytes(UTF_8)),
                "warder1." + Base64.getUrlEncoder().encodeToString(new byte[1000])));
        for (String blocks : new String[] {
            "{}",
            "1",
            "",
            "[1]",
            "[[]]",
            "[{}]",
            "[{'type':'text','text':'x'}]",
            "[{'type':'tool_use'}]",
            "[{'type':1}]",
            "[{'type':'thinking'}",
            "[{'type':'thinking','thinking':[" + "0,".repeat(5000) + "0]}]",
            "[{'type':'thinking','thinking':" + "[".repeat(5000) + "]".repeat(5000) + "}]",
            "[" + "{'type':'thinking'},".repeat(500) + THINKING + "," + "{},".repeat(1000) + "{}]",
        }) {
            contents.add(SEAL.seal(blocks.replace('\'', '"').getBytes(UTF_8)));
        }
        for (int i = 0; i < whole.length(); i += 3) {
            char other = whole.charAt(i) == 'b' ? 'c' : 'b';
            contents.add(whole.substring(0, i) + other + whole.substring(i + 1));
        }
        return contents;
    }

    @ParameterizedTest
    @MethodSource("spoiltContents")
    void contentThatIsNotWhatWasPackedIsDroppedByName(String content) {
        var result = items(USER + ", {'type': 'reasoning', 'summary': [], 'encrypted_content': '" + content + "'},"
                + CALL + "," + OUTPUT);
        assertThat(ignored(result)).isEqualTo("encrypted_content");
        assertJson(
                result.message().getJsonArray("messages").getJsonObject(1).get("content"),
                "[{'type': 'tool_use', 'id': 'c', 'name': 'f', 'input': {}}]");
    }

    @EachRow({
        "{'type': 'reasoning', 'summary': []}",
        "{'type': 'reasoning', 'summary': [{'type': 'summary_text', 'text': 't'}], 'encrypted_content': null}",
    })
    void reasoningWithoutContentIsListed(String item) {
        assertThat(ignored(items(USER + "," + item + "," + CALL + "," + OUTPUT)))
                .isEqualTo("reasoning");
    }

    @Test
    void thinkingThatLedToNothingIsDropped() {
        var result = items(USER + "," + reasoning(THINKING) + "," + USER);
        assertJson(
                result.message().get("messages"),
                "[{'role': 'user', 'content': [{'type': 'text', 'text': 'hi'}, {'type': 'text', 'text': 'hi'}]}]");
        assertThat(ignored(result)).isEqualTo("reasoning");
    }

    @Test
    void thinkingWithABudgetNeedsTheBlocksInsideALoopOfCalls() {
        String effort =
                "'tools': [{'type': 'function', 'name': 'f'}], 'reasoning': {'effort': 'low', 'summary': 'auto'}";
        var without = translated(request(OLD, "[" + USER + "," + CALL + "," + OUTPUT + "]", effort));
        assertThat(without.message()).doesNotContainKey("thinking");
        assertThat(ignored(without)).isEqualTo("effort,summary");
        var with = translated(
                request(OLD, "[" + USER + "," + reasoning(THINKING) + "," + CALL + "," + OUTPUT + "]", effort));
        assertJson(
                with.message().get("thinking"), "{'type': 'enabled', 'budget_tokens': 1024, 'display': 'summarized'}");
        assertThat(with.ignored()).isEmpty();
    }

    @Test
    void anEffortHasNoBudgetWhereThinkingMayNotBegin() {
        String model = "claude-opus-4-5";
        String tools =
                "'tools': [{'type': 'function', 'name': 'f'}], 'reasoning': {'effort': 'low', 'summary': 'auto'}";
        for (String request : new String[] {
            request(model, "[" + USER + "," + CALL + "," + OUTPUT + "]", tools),
            request(model, "'hi'", "'tool_choice': 'required', " + tools)
        }) {
            var result = translated(request);
            assertThat(result.message()).doesNotContainKey("thinking");
            assertJson(result.message().get("output_config"), "{'effort': 'low'}");
            assertThat(ignored(result)).isEqualTo("summary");
        }
    }

    @EachRow({
        "claude-opus-5-5 | {'effort': 'low'} | null | low | ``",
        "claude-opus-5-5 | {'effort': 'none', 'summary': 'auto'} |"
                + " {'type': 'adaptive', 'display': 'summarized'} | low | effort",
        "claude-opus-5-5 | {'summary': 'detailed'} | {'type': 'adaptive', 'display': 'summarized'} | `` | ``",
        "claude-opus-5-5 | {'generate_summary': 'concise'} | {'type': 'adaptive', 'display': 'summarized'} |"
                + " `` | ``",
        "claude-opus-5-5 | {'summary': null, 'effort': null} | null | `` | ``",
        "claude-opus-5-5 | {'effort': 'max', 'context': 'x', 'mode': 'y'} | null | max | context,mode",
        "claude-opus-5 | {'effort': 'none', 'summary': 'auto'} | {'type': 'disabled'} | `` | summary",
        "claude-sonnet-5-5 | {'effort': 'none'} | {'type': 'between_tools'} | `` | effort",
        "claude-sonnet-4-6 | {'effort': 'xhigh', 'summary': 'auto'} |"
                + " {'type': 'adaptive', 'display': 'summarized'} | high | ``",
        "claude-sonnet-4-5 | {'effort': 'medium', 'summary': 'auto'} |"
                + " {'type': 'enabled', 'budget_tokens': 4096, 'display': 'summarized'} | `` | ``",
        "claude-sonnet-4-5 | {'summary': 'auto'} | null | `` | summary",
        "claude-opus-4-5 | {'effort': 'high'} | {'type': 'enabled', 'budget_tokens': 16384} | high | ``",
        "claude-opus-4-5 | {'effort': 'minimal', 'summary': 'auto'} |"
                + " {'type': 'enabled', 'budget_tokens': 1024, 'display': 'summarized'} | low | ``",
        "claude-opus-4-5 | {'summary': 'auto'} |"
                + " {'type': 'enabled', 'budget_tokens': 4096, 'display': 'summarized'} | `` | ``",
        "claude-opus-4-5 | {'effort': 'none', 'summary': 'auto'} | {'type': 'disabled'} | `` | summary",
        "claude-opus-4-5 | {} | null | `` | ``",
    })
    void effortAndSummaryAreThinking(String model, String asked, String thinking, String effort, String ignored) {
        var result = with(model, "'reasoning': " + asked);
        assertThat(Optional.ofNullable(result.message().get("thinking"))
                        .map(Object::toString)
                        .orElse("null"))
                .isEqualTo(thinking.replace(": ", ":").replace(", ", ",").replace('\'', '"'));
        assertThat(
                        result.message().containsKey("output_config")
                                ? result.message()
                                        .getJsonObject("output_config")
                                        .getString("effort")
                                : "")
                .isEqualTo(effort);
        assertThat(ignored(result)).isEqualTo(ignored);
    }

    @Test
    void encryptedReasoningIsReturnedToAClientThatAsksForIt() {
        String asked = "'reasoning': {'summary': 'auto'}, 'include': ['reasoning.encrypted_content']";
        var result = with(NEW, asked);
        assertThat(result.context().encryptedReasoning()).isTrue();
        assertThat(result.context().summary()).isTrue();
        assertThat(result.ignored()).isEmpty();
        assertThat(with(NEW, "'include': []").context().encryptedReasoning()).isFalse();
        assertThat(ignored(with(NEW, "'include': ['message.output_text.logprobs']")))
                .isEqualTo("message.output_text.logprobs");
        var off = new ResponsesRequestReader(ModelCatalog.shipped(), ModelMap.of(Optional.empty()), false, SEAL);
        var none = translated(off, json(request(NEW, "'hi'", asked)));
        assertThat(none.context().encryptedReasoning()).isFalse();
        assertThat(none.context().summary()).isFalse();
        assertThat(none.message()).doesNotContainKey("thinking");
        assertThat(ignored(none)).isEqualTo("reasoning.encrypted_content,summary");
    }
}
