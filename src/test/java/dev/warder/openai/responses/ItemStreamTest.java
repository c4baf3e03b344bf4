package dev.warder.openai.responses;

import static dev.warder.openai.Talk.begin;
import static dev.warder.openai.Talk.beginText;
import static dev.warder.openai.Talk.beginTool;
import static dev.warder.openai.Talk.end;
import static dev.warder.openai.Talk.event;
import static dev.warder.openai.Talk.input;
import static dev.warder.openai.Talk.object;
import static dev.warder.openai.Talk.start;
import static dev.warder.openai.Talk.stop;
import static dev.warder.openai.Talk.text;
import static dev.warder.openai.Talk.thinking;
import static dev.warder.openai.responses.Items.FULL;
import static dev.warder.openai.responses.Items.PLAIN;
import static dev.warder.openai.responses.Items.SEAL;
import static dev.warder.openai.responses.Items.SEALED;
import static dev.warder.openai.responses.Items.SUMMARY;
import static dev.warder.openai.responses.Items.UNWRAPPED;
import static dev.warder.openai.responses.Items.citation;
import static dev.warder.openai.responses.Items.frames;
import static dev.warder.openai.responses.Items.search;
import static dev.warder.openai.responses.Items.searchResult;
import static dev.warder.openai.responses.Items.searchUse;
import static dev.warder.openai.responses.Items.signature;
import static dev.warder.openai.responses.Items.thinkingBlock;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.PropertyNames;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ItemStreamTest {
    private static final String HI = beginText(0) + text(0, "Hi") + stop(0);

    @Test
    void writesTheEventsOfATextInTheirOrder() {
        var frames = frames(
                PLAIN, start() + beginText(0) + text(0, "H\u00fc") + text(0, "\n\"") + stop(0) + end("end_turn"));
        assertThat(frames.types())
                .containsExactly(("created in_progress output_item.added content_part.added output_text.delta "
                                + "output_text.delta output_text.done content_part.done output_item.done "
                                + "completed")
                        .split(" "));
        assertThat(frames.events().get(4))
                .isEqualTo(object("{\"type\":\"response.output_text.delta\",\"sequence_number\":4,"
                        + "\"item_id\":\"msg_01AbC_0\",\"output_index\":0,\"content_index\":0,\"delta\":\"H\u00fc\","
                        + "\"logprobs\":[]}"));
        assertThat(frames.output())
                .containsExactly(object("{\"type\":\"message\",\"id\":\"msg_01AbC_0\",\"role\":\"assistant\","
                        + "\"status\":\"completed\",\"content\":[{\"type\":\"output_text\",\"text\":\"H\u00fc\\n\\\"\","
                        + "\"annotations\":[],\"logprobs\":[]}]}"));
    }

    /** Some clients cut lines at all characters that end one in Unicode (JavaScript of old, Python's splitlines). */
    @Test
    void escapesTheEndsOfLinesThatOnlyUnicodeHas() {
        String ends = "a\u2028b\u2029c\u0085d \u2027\u00c5\u00e2\ud83d\ude00";
        var context = new ResponsesContext(
                "gpt-" + ends,
                true,
                true,
                true,
                Optional.empty(),
                Items.TOOLS,
                PropertyNames.NONE,
                JsonTree.newObject(Items.ECHO)
                        .add("metadata", JsonTree.newObject().add("a" + ends, ends))
                        .build());
        String stream = start()
                + thinkingBlock(0)
                + thinking(0, ends)
                + signature(0, ends)
                + stop(0)
                + beginText(1)
                + text(1, ends)
                + citation(1, "https://a.example/" + ends, ends)
                + stop(1)
                + beginTool(2, "t" + ends, "n" + ends)
                + input(2, "{\"k\":\"" + ends + "\"}")
                + stop(2)
                + beginTool(3, "u", "grammar")
                + input(3, "{\"input\":\"" + ends + "\"}")
                + stop(3)
                + beginTool(4, "v", "local")
                + input(4, "{\"command\":\"" + ends + "\"}")
                + stop(4)
                + search(5, "s", ends);
        var frames = frames(context, stream + end("tool_use"));
        assertThat(ItemFrames.texts(frames.output(), "message", "content", "text"))
                .containsExactly(ends);
        assertThat(ItemFrames.texts(frames.output(), "reasoning", "summary", "text"))
                .containsExactly(ends);
        assertThat(frames.response().getString("model")).isEqualTo("gpt-" + ends);
        assertThat(frames.response().getJsonObject("metadata").getString("a" + ends))
                .isEqualTo(ends);
        String error = event("error", "\"error\":{\"type\":\"api_error\",\"message\":\"" + ends + "\"}");
        assertThat(frames(context, stream + error)
                        .response()
                        .getJsonObject("error")
                        .getString("message"))
                .isEqualTo(ends);
    }

    @Test
    void writesAllMembersOfTheResponse() {
        var frames = frames(PLAIN, start() + HI + end("end_turn"));
        var completed = frames.response();
        assertThat(completed.getString("id")).isEqualTo("resp_01AbC");
        assertThat(completed.getString("object")).isEqualTo("response");
        assertThat(completed.getString("model")).isEqualTo("gpt-\u00fc");
        assertThat(completed.getString("status")).isEqualTo("completed");
        assertThat(completed.getInt("created_at")).isEqualTo(1_800_000_000);
        assertThat(completed.getInt("completed_at")).isEqualTo(1_800_000_007);
        assertThat(completed.getBoolean("store")).isFalse();
        assertThat(completed.get("error")).isEqualTo(JsonValue.NULL);
        assertThat(completed.get("incomplete_details")).isEqualTo(JsonValue.NULL);
        var created = frames.events().get(0).getJsonObject("response");
        assertThat(created.keySet()).isEqualTo(completed.keySet()).containsAll(Items.ECHO.keySet());
        assertThat(created.getString("status")).isEqualTo("in_progress");
        assertThat(created.get("usage")).isEqualTo(JsonValue.NULL);
        assertThat(created.get("completed_at")).isEqualTo(JsonValue.NULL);
        assertThat(created.getJsonArray("output")).isEmpty();
    }

    @Test
    void countsAllTokensOfThePromptAndThoseOfTheCache() {
        String last = event(
                "message_delta",
                "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9,\"cache_read_input_tokens\":4,"
                        + "\"output_tokens_details\":{\"thinking_tokens\":5}}");
        var usage = frames(PLAIN, start() + last + event("message_stop", ""))
                .response()
                .getJsonObject("usage");
        assertThat(usage)
                .isEqualTo(object("{\"input_tokens\":12311,\"input_tokens_details\":{\"cached_tokens\":4,"
                        + "\"cache_write_tokens\":12304},\"output_tokens\":9,"
                        + "\"output_tokens_details\":{\"reasoning_tokens\":5},\"total_tokens\":12320}"));
    }

    @Test
    void makesARunOfTextsOneMessageWithAPartForEach() {
        String texts = HI + beginText(1) + text(1, "Ho") + stop(1);
        var output = frames(PLAIN, start() + texts + end("end_turn")).output();
        assertThat(output).hasSize(1);
        assertThat(ItemFrames.texts(output, "message", "content", "text")).containsExactly("Hi", "Ho");
        String between =
                HI + begin(1, "{\"type\":\"something_new\"}") + stop(1) + beginText(2) + text(2, "Ho") + stop(2);
        assertThat(frames(PLAIN, start() + between + end("end_turn")).output()).hasSize(2);
    }

    @Test
    void writesThinkingAsSummaryAndSealsTheVeryBlock() {
        var frames = frames(FULL, start() + thought("Hm\u00fc\n") + end("end_turn"));
        assertThat(frames.types())
                .containsExactly(("created in_progress output_item.added reasoning_summary_part.added "
                                + "reasoning_summary_text.delta reasoning_summary_text.delta "
                                + "reasoning_summary_text.done reasoning_summary_part.done output_item.done "
                                + "completed")
                        .split(" "));
        assertThat(ItemFrames.texts(frames.output(), "reasoning", "summary", "text"))
                .containsExactly("Hm\u00fc\n...");
        assertThat(sealed(frames.output().get(0)))
                .containsExactly(
                        object("{\"type\":\"thinking\",\"thinking\":\"Hm\u00fc\\n...\",\"signature\":\"c2ln\"}"));
    }

    @Test
    void sealsTheBytesOfThinkingAsTheyAre() {
        String escaped = "\\u00fc\\/ \u20ac";
        String delta = event(
                "content_block_delta",
                "\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"" + escaped + "\"}");
        var output = frames(
                        SEALED, start() + thinkingBlock(0) + delta + signature(0, "c2ln") + stop(0) + end("end_turn"))
                .output();
        assertThat(output.get(0).getString("encrypted_content"))
                .isEqualTo(
                        SEAL.seal(("[{\"type\":\"thinking\",\"thinking\":\"" + escaped + "\",\"signature\":\"c2ln\"}]")
                                .getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void showsOfThinkingOnlyWhatWasAskedFor() {
        String events = start() + thought("Hm") + end("end_turn");
        var summary = frames(SUMMARY, events).output().get(0);
        assertThat(summary.keySet()).containsExactlyInAnyOrder("type", "id", "summary");
        var sealed = frames(SEALED, events).output().get(0);
        assertThat(sealed.getJsonArray("summary")).isEmpty();
        assertThat(sealed(sealed)).hasSize(1);
        assertThat(frames(PLAIN, events).output()).isEmpty();
        assertThat(frames(SUMMARY, start() + thinkingBlock(0) + signature(0, "c2ln") + stop(0) + end("end_turn"))
                        .output())
                .isEmpty();
    }

    @Test
    void sealsRedactedThinkingWithoutASummary() {
        String redacted = begin(0, "{\"type\":\"redacted_thinking\",\"data\":\"abc\"}") + stop(0);
        var output = frames(FULL, start() + redacted + end("end_turn")).output();
        assertThat(output).hasSize(1);
        assertThat(output.get(0).getJsonArray("summary")).isEmpty();
        assertThat(sealed(output.get(0))).containsExactly(object("{\"type\":\"redacted_thinking\",\"data\":\"abc\"}"));
        assertThat(frames(SUMMARY, start() + redacted + end("end_turn")).output())
                .isEmpty();
    }

    @Test
    void writesFunctionCallsByTheClientsNames() {
        String calls = beginTool(0, "toolu_1", "ns__run")
                + input(0, "{\"k\":\"\u00e4")
                + input(0, "\"}")
                + stop(0)
                + beginTool(1, "toolu_2", "other")
                + stop(1);
        var frames = frames(PLAIN, start() + calls + end("tool_use"));
        assertThat(frames.output())
                .containsExactly(
                        object("{\"type\":\"function_call\",\"id\":\"fc_01AbC_0\",\"call_id\":\"toolu_1\","
                                + "\"name\":\"run\",\"namespace\":\"ns\",\"arguments\":\"{\\\"k\\\":\\\"\u00e4\\\"}\","
                                + "\"status\":\"completed\"}"),
                        object("{\"type\":\"function_call\",\"id\":\"fc_01AbC_1\",\"call_id\":\"toolu_2\","
                                + "\"name\":\"other\",\"arguments\":\"{}\",\"status\":\"completed\"}"));
        assertThat(frames.all("output_item.added").get(0).getJsonObject("item"))
                .containsEntry("arguments", JsonTree.string(""));
    }

    @Test
    void unescapesTheInputOfACustomTool() {
        String call = beginTool(0, "toolu_1", "grammar")
                + input(0, "{\"inp")
                + input(0, "ut\":\"a\\")
                + input(0, "n\\\"b")
                + input(0, "\u00fc\"}")
                + stop(0);
        var frames = frames(PLAIN, start() + call + end("tool_use"));
        assertThat(frames.output())
                .containsExactly(object("{\"type\":\"custom_tool_call\",\"id\":\"ctc_01AbC_0\",\"call_id\":\"toolu_1\","
                        + "\"name\":\"grammar\",\"input\":\"a\\n\\\"b\u00fc\",\"status\":\"completed\"}"));
        assertThat(frames.all("custom_tool_call_input.delta")).hasSize(3);
    }

    @Test
    void writesTheCallsOfBuiltInToolsWhole() {
        String calls = beginTool(0, "t1", "local")
                + input(0, "{\"command\":[\"ls\"],\"timeout_ms\":5}")
                + stop(0)
                + beginTool(1, "t2", "shell")
                + input(1, "{\"commands\":[\"ls\"]}")
                + stop(1)
                + beginTool(2, "t3", "patch")
                + input(2, "{\"type\":\"delete_file\",\"path\":\"a\"}")
                + stop(2);
        var output = frames(PLAIN, start() + calls + end("tool_use")).output();
        assertThat(output.get(0))
                .isEqualTo(object("{\"type\":\"local_shell_call\",\"id\":\"lsh_01AbC_0\",\"call_id\":\"t1\","
                        + "\"action\":{\"type\":\"exec\",\"command\":[\"ls\"],\"timeout_ms\":5,\"env\":{}},"
                        + "\"status\":\"completed\"}"));
        assertThat(output.get(1).getJsonObject("action"))
                .isEqualTo(object("{\"commands\":[\"ls\"],\"timeout_ms\":null,\"max_output_length\":null}"));
        assertThat(output.get(2).getJsonObject("operation")).containsEntry("path", JsonTree.string("a"));
    }

    @Test
    void countsAnInputThatIsThereWhenTheBlockBegins() {
        for (String tool : new String[] {"look", "grammar", "local", "web_search"}) {
            String type = tool.equals("web_search") ? "server_tool_use" : "tool_use";
            String block = begin(
                            0,
                            "{\"type\":\"" + type + "\",\"id\":\"t\",\"name\":\"" + tool
                                    + "\",\"input\":{\"input\":\"found\",\"query\":\"found\",\"command\":\"found\"}}")
                    + stop(0);
            assertThat(frames(PLAIN, start() + block + end("tool_use")).output().toString())
                    .contains("found");
        }
    }

    @Test
    void writesASearchAndPacksItsBlocks() {
        String events = start()
                + search(0, "srv_1", "what?")
                + beginText(2)
                + text(2, "A \ud83d\ude00.")
                + citation(2, "https://example.com/", "A \"title\"")
                + stop(2)
                + end("end_turn");
        var frames = frames(SEALED, events);
        assertThat(frames.types())
                .containsSubsequence(("output_item.added web_search_call.in_progress web_search_call.searching "
                                + "web_search_call.completed output_item.done output_item.added "
                                + "output_item.done output_text.delta output_text.annotation.added "
                                + "output_text.done")
                        .split(" "));
        var output = frames.output();
        assertThat(output.get(0))
                .isEqualTo(object("{\"type\":\"web_search_call\",\"id\":\"ws_01AbC_0\",\"status\":\"completed\","
                        + "\"action\":{\"type\":\"search\",\"query\":\"what?\",\"queries\":[\"what?\"]}}"));
        assertThat(sealed(output.get(1)))
                .containsExactly(
                        object("{\"type\":\"server_tool_use\",\"id\":\"srv_1\",\"name\":\"web_search\","
                                + "\"input\":{\"query\":\"what?\"}}"),
                        object("{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"srv_1\","
                                + "\"content\":[{\"type\":\"web_search_result\",\"url\":\"u\"}]}"));
        assertThat(output.get(2).getJsonArray("content").getJsonObject(0).getJsonArray("annotations"))
                .containsExactly(object("{\"type\":\"url_citation\",\"url\":\"https://example.com/\","
                        + "\"title\":\"A \\\"title\\\"\",\"start_index\":0,\"end_index\":4}"));
        assertThat(frames(PLAIN, events).output()).hasSize(2);
    }

    @Test
    void writesASearchThatFailedOrHasNoResult() {
        String failed = searchUse(0, "s", "q") + searchResult(1, "s", "{\"type\":\"web_search_tool_result_error\"}");
        assertThat(frames(PLAIN, start() + failed + end("end_turn"))
                        .output()
                        .get(0)
                        .getString("status"))
                .isEqualTo("failed");
        var paused = frames(SEALED, start() + searchUse(0, "s", "q") + end("pause_turn"));
        assertThat(paused.output()).hasSize(2);
        assertThat(paused.output().get(0).getString("status")).isEqualTo("incomplete");
        assertThat(sealed(paused.output().get(1)))
                .containsExactly(object("{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\","
                        + "\"input\":{\"query\":\"q\"}}"));
        assertThat(paused.response().getString("status")).isEqualTo("incomplete");
        assertThat(frames(PLAIN, start() + searchUse(0, "s", "q") + end("pause_turn"))
                        .output())
                .hasSize(1);
    }

    @Test
    void packsTheResultOfASearchThatAnEarlierResponseBegan() {
        var frames =
                frames(SEALED, start() + searchResult(0, "s", "[]") + beginText(1) + text(1, "So.") + end("end_turn"));
        assertThat(frames.output()).hasSize(2);
        assertThat(sealed(frames.output().get(0)))
                .containsExactly(object("{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s\",\"content\":[]}"));
        assertThat(frames.response().getString("status")).isEqualTo("completed");
    }

    /** The API runs the search when it has the output of the call. */
    @Test
    void packsASearchThatWaitsForACallBeforeThatCall() {
        String call = beginTool(1, "t", "look") + input(1, "{\"a\":1}") + stop(1);
        var frames = frames(SEALED, start() + searchUse(0, "s", "q") + call + end("tool_use"));
        assertThat(frames.output())
                .extracting(item -> item.getString("type"))
                .containsExactly("web_search_call", "reasoning", "function_call");
        assertThat(sealed(frames.output().get(1)).toString()).contains("server_tool_use");
        assertThat(frames.output().get(0).getString("status")).isEqualTo("incomplete");
        assertThat(frames.response().getString("status")).isEqualTo("completed");
        for (String lost : new String[] {searchUse(0, "s", "q") + call, searchUse(0, "s", "q")}) {
            var response = frames(PLAIN, start() + lost + end("tool_use")).response();
            assertThat(response.getString("status")).isEqualTo("incomplete");
            assertThat(response.getJsonObject("incomplete_details").getString("reason"))
                    .isEqualTo("pause_turn");
        }
        var late =
                frames(SEALED, start() + searchUse(0, "s", "q") + call + searchResult(2, "s", "[]") + end("tool_use"));
        assertThat(late.output())
                .extracting(item -> item.getString("type"))
                .containsExactly("web_search_call", "reasoning", "function_call", "reasoning");
        assertThat(sealed(late.output().get(3)).toString()).contains("web_search_tool_result");
        assertThat(late.response().getString("status")).isEqualTo("completed");
    }

    @Test
    void makesTheInputOfTheUnwrappedToolTheText() {
        String call = beginTool(0, "t", "answer")
                + input(0, "{\"a\":")
                + input(0, "1}")
                + stop(0)
                + beginText(1)
                + text(1, "after")
                + stop(1)
                + beginTool(2, "t", "answer")
                + input(2, "{}")
                + stop(2);
        var output = frames(UNWRAPPED, start() + call + end("tool_use")).output();
        assertThat(ItemFrames.texts(output, "message", "content", "text")).containsExactly("{\"a\":1}");
        assertThat(ItemFrames.texts(output, "reasoning", "summary", "text")).containsExactly("after");
        assertThat(output).hasSize(2);
    }

    @Test
    void citesNoSourcesInTheInputOfTheUnwrappedTool() {
        String call = beginTool(0, "t", "answer") + input(0, "{}") + citation(0, "https://example.com/", "A") + stop(0);
        var frames = frames(UNWRAPPED, start() + call + end("tool_use"));
        assertThat(frames.types()).doesNotContain("output_text.annotation.added");
        assertThat(ItemFrames.texts(frames.output(), "message", "content", "text"))
                .containsExactly("{}");
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, completed, ",
        "stop_sequence, completed, ",
        "tool_use, completed, ",
        "refusal, completed, ",
        "pause_turn, incomplete, pause_turn",
        "something_new, incomplete, something_new",
        "max_tokens, incomplete, max_output_tokens",
        "model_context_window_exceeded, incomplete, max_output_tokens"
    })
    void endsByTheReasonOfTheMessage(String reason, String status, @Nullable String details) {
        String call = beginTool(1, "t", "look") + input(1, "{\"a\":1}") + stop(1);
        var frames = frames(PLAIN, start() + HI + call + end(reason));
        assertThat(frames.last().getString("type")).isEqualTo("response." + status);
        assertThat(frames.response().getString("status")).isEqualTo(status);
        assertThat(frames.output().get(0).getString("status")).isEqualTo("completed");
        if (status.equals("incomplete")) {
            assertThat(frames.response().getJsonObject("incomplete_details"))
                    .isEqualTo(object("{\"reason\":\"" + details + "\"}"));
        }
        var silent = frames(PLAIN, start() + HI + event("message_stop", ""));
        assertThat(silent.response().getString("status")).isEqualTo("incomplete");
        assertThat(silent.response().getJsonObject("incomplete_details")).isEmpty();
    }

    @Test
    void writesARefusalAsAPartOfTheMessage() {
        String refused = event(
                        "message_delta",
                        "\"delta\":{\"stop_reason\":\"refusal\",\"stop_details\":{\"explanation\":\"No.\"}}")
                + event("message_stop", "");
        var frames = frames(PLAIN, start() + HI + refused);
        assertThat(ItemFrames.texts(frames.output(), "message", "content", "refusal"))
                .containsExactly("No.");
        assertThat(frames.output()).hasSize(1);
        assertThat(frames.types())
                .containsSubsequence("content_part.done", "content_part.added", "refusal.delta", "refusal.done");
        assertThat(frames(PLAIN, start() + refused).output()).hasSize(1);
    }

    @Test
    void acceptsBlocksThatAreInterleaved() {
        String events = start()
                + beginText(0)
                + beginTool(1, "t", "look")
                + text(0, "Hi")
                + input(1, "{\"a\":")
                + beginText(2)
                + text(2, "Ho")
                + input(1, "1}")
                + text(0, "!")
                + stop(1)
                + stop(0)
                + stop(2)
                + end("tool_use");
        var output = frames(PLAIN, events).output();
        assertThat(ItemFrames.texts(output, "message", "content", "text")).containsExactlyInAnyOrder("Hi!", "Ho");
        assertThat(output)
                .hasSize(3)
                .anyMatch(item -> item.containsKey("arguments")
                        && item.getString("arguments").equals("{\"a\":1}"));
    }

    private static String thought(String text) {
        return thinkingBlock(0) + thinking(0, text) + thinking(0, "...") + signature(0, "c2ln") + stop(0);
    }

    private static JsonArray sealed(JsonObject item) {
        return SEAL.open(item.getString("encrypted_content")).orElseThrow();
    }
}
