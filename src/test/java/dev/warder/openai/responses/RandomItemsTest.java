package dev.warder.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.openai.chat.RandomMessage;
import dev.warder.openai.chat.Talk;
import dev.warder.testkit.Turns;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No text, call, id or argument of a message is lost, streamed or whole. */
@Tag("turn-5")
class RandomItemsTest {
    private static final int SEEDS = Turns.of(60, 300);

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
            byte[] events =
                    Items.response(Items.SUMMARY).events(bytes(message.whole())).orElseThrow();
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
        byte[] whole = Items.response(context).whole(bytes(message)).orElseThrow();
        return Talk.object(new String(whole, StandardCharsets.UTF_8));
    }

    static List<JsonObject> output(JsonObject response) {
        return response.getJsonArray("output").getValuesAs(JsonObject.class);
    }

    private static byte[] bytes(JsonObject message) {
        return message.toString().getBytes(StandardCharsets.UTF_8);
    }
}
