package dev.warder.openai.responses;

import static dev.warder.openai.Talk.beginText;
import static dev.warder.openai.Talk.beginTool;
import static dev.warder.openai.Talk.end;
import static dev.warder.openai.Talk.event;
import static dev.warder.openai.Talk.input;
import static dev.warder.openai.Talk.start;
import static dev.warder.openai.Talk.stop;
import static dev.warder.openai.Talk.text;
import static dev.warder.openai.Talk.thinking;
import static dev.warder.openai.responses.Items.citation;
import static dev.warder.openai.responses.Items.search;
import static dev.warder.openai.responses.Items.signature;
import static dev.warder.openai.responses.Items.thinkingBlock;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.openai.RandomMessage;
import dev.warder.openai.Talk;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.testkit.Turns;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No text, call, id or argument of a message is lost, streamed or whole, however the upstream's bytes are cut. */
@Tag("turn-5")
class WholeItemsTest {
    private static final int SEEDS = Turns.of(60, 300);

    private static final String CITED =
            """
            {"type":"text","text":"A.","citations":[{"type":"web_search_result_location","url":"u","title":"t"},\
            {"type":"char_location","cited_text":"no"}]}""";

    /** Everything that a stream may hold, with characters of each length in UTF-8. */
    private static final String EVERYTHING = ": hello\n\n" + start() + event("ping", "") + thinkingBlock(0)
            + thinking(0, "Hm\u00fc") + signature(0, "c2ln") + stop(0) + search(1, "s", "q\u20ac") + beginText(3)
            + text(3, "Gr\u00fc\u00dfe \u20ac \ud83d\ude00") + text(3, "\n\"\\\u0001") + text(3, "a")
            + text(3, "b").replace("}}", "}    }") + text(3, "c")
            + citation(3, "https://example.com/", "\u00fc") + stop(3) + beginTool(4, "toolu_1", "ns__run")
            + input(4, "") + input(4, "{\"k\":\"\u00e4") + input(4, "\"}") + stop(4)
            + beginTool(5, "toolu_2", "grammar") + input(5, "{\"input\":\"a\\") + input(5, "u00e4\"}") + stop(5)
            + beginTool(6, "toolu_3", "shell") + input(6, "{\"commands\":[]}") + stop(6) + end("tool_use");

    @Test
    void streamsKeepAllOfAMessage() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var message = new RandomMessage(seed);
            var frames = Items.frames(seed % 2 == 0 ? Items.FULL : Items.SUMMARY, message.events());
            hasAll(frames.output(), message, seed);
            assertThat(frames.joined("output_text.delta")).isEqualTo(message.texts());
            assertThat(frames.joined("reasoning_summary_text.delta")).isEqualTo(message.thoughts());
        }
    }

    @Test
    void wholeResponsesKeepAllOfAMessage() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var message = new RandomMessage(seed);
            JsonObject whole = whole(Items.SUMMARY, message.whole());
            ItemFrames.validated(whole);
            hasAll(output(whole), message, seed);
            var streamed =
                    Items.frames(Items.SUMMARY, message.events()).output().toString();
            assertThat(output(whole).toString()).isEqualTo(streamed.replace("01AbC", "1"));
            byte[] events = Items.response(Items.SUMMARY)
                    .whole(bytes(message.whole()), true)
                    .orElseThrow();
            assertThat(ItemFrames.of(events).response()).isEqualTo(whole);
        }
    }

    private static void hasAll(List<JsonObject> output, RandomMessage message, int seed) {
        assertThat(String.join("", ItemFrames.texts(output, "message", "content", "text")))
                .as("seed " + seed)
                .isEqualTo(message.texts());
        assertThat(String.join("", ItemFrames.texts(output, "reasoning", "summary", "text")))
                .isEqualTo(message.thoughts());
        var calls = output.stream()
                .filter(item -> item.getString("type").equals("function_call"))
                .toList();
        assertThat(calls).hasSameSizeAs(message.inputs());
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).getString("call_id")).isEqualTo("toolu_" + i);
            assertThat(calls.get(i).getString("name")).isEqualTo("look");
            assertThat(Talk.object(calls.get(i).getString("arguments")))
                    .isEqualTo(message.inputs().get(i));
        }
        assertThat(ItemFrames.texts(output, "message", "content", "refusal"))
                .hasSize(message.stopReason().equals("refusal") ? 1 : 0);
    }

    static JsonObject whole(ResponsesContext context, JsonObject message) {
        byte[] whole = Items.response(context).whole(bytes(message), false).orElseThrow();
        return Talk.object(new String(whole, StandardCharsets.UTF_8));
    }

    static List<JsonObject> output(JsonObject response) {
        return response.getJsonArray("output").getValuesAs(JsonObject.class);
    }

    private static byte[] bytes(JsonObject message) {
        return message.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void writesBlocksAsAStreamWould() {
        var whole = whole(
                Items.FULL,
                message(
                        """
                        {"type":"thinking","thinking":"Hm","signature":"c2ln"},{"type":"redacted_thinking","data":"x"},\
                        {"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"q"}},\
                        {"type":"web_search_tool_result","tool_use_id":"s","content":[]},"""
                                + CITED
                                + ",{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"grammar\",\"input\":{\"input\":\"a\\nb\"}}"));
        ItemFrames.validated(whole);
        assertThat(output(whole))
                .extracting(item -> item.getString("type"))
                .containsExactly(
                        "reasoning", "reasoning", "web_search_call", "reasoning", "message", "custom_tool_call");
        assertThat(output(whole).get(5).getString("input")).isEqualTo("a\nb");
        assertThat(output(whole).get(4).getJsonArray("content").getJsonObject(0).getJsonArray("annotations"))
                .hasSize(1);
        assertThat(Items.SEAL
                        .open(output(whole).get(0).getString("encrypted_content"))
                        .orElseThrow())
                .containsExactly(Talk.object("{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"c2ln\"}"));
        assertThat(whole.getInt("completed_at")).isEqualTo(1_800_000_007);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{}", "{\"type\":\"error\"}", "{\"type\":\"message\",\"content\":\"Hi\"}", "{\"type\":"
            })
    void returnsNothingForABodyThatIsNoMessage(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        assertThat(Items.response(Items.FULL).whole(bytes, false)).isEmpty();
        assertThat(Items.response(Items.FULL).whole(bytes, true)).isEmpty();
    }

    private static JsonObject message(String blocks) {
        return Talk.object("{\"id\":\"msg_1\",\"type\":\"message\",\"content\":[" + blocks
                + "],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":5}}");
    }

    @Test
    void everyCutGivesTheSameEvents() {
        byte[] bytes = EVERYTHING.getBytes(StandardCharsets.UTF_8);
        byte[] whole = Items.translated(Items.FULL, bytes);
        assertThat(ItemFrames.of(whole).output()).hasSize(7);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(Items.translated(Items.FULL, bytes, cut))
                    .as("cut at " + cut)
                    .isEqualTo(whole);
        }
        assertThat(Talk.translated(Items.stream(Items.FULL), bytes, 1)).isEqualTo(whole);
    }

    /** The second of two deltas looks like the first one, but ends within its data. */
    @Test
    void everyCutFindsAnEventThatEndsWithinItsData() {
        String first = text(0, "a").replace(",\"index\"", ",\ndata: \"index\"");
        String second = first.replace("\ndata: \"index\"", "\n\"index\"");
        byte[] bytes = (start() + beginText(0) + text(0, "x") + first + second + stop(0) + end("end_turn"))
                .getBytes(StandardCharsets.UTF_8);
        byte[] whole = Items.translated(Items.FULL, bytes);
        assertThat(new String(whole, StandardCharsets.UTF_8)).contains("response.failed");
        assertThat(Talk.translated(Items.stream(Items.FULL), bytes, 1)).isEqualTo(whole);
    }
}
