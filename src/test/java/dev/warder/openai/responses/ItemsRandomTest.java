package dev.warder.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Conversations made of seeds lose nothing, and the API's own classes accept what becomes of them. */
class ItemsRandomTest {
    private static final int CONVERSATIONS = 6;

    @RepeatedTest(50)
    void keepsEveryTextImageCallAndBlock(RepetitionInfo info) {
        for (int i = 0; i < CONVERSATIONS; i++) {
            long seed = (long) info.getCurrentRepetition() * CONVERSATIONS + i;
            var random = new RandomItems(seed);
            var result = ItemsSample.translated(ItemsSample.reader(), random.request());
            assertThat(result.ignored()).as("seed %d", seed).isEmpty();
            var found = new ArrayList<String>();
            String before = "assistant";
            for (var turn : result.message().getJsonArray("messages").getValuesAs(JsonObject.class)) {
                assertThat(turn.getString("role")).as("seed %d", seed).isNotEqualTo(before);
                before = turn.getString("role");
                collect(turn.getJsonArray("content"), found);
            }
            assertThat(found).as("seed %d", seed).containsExactlyElementsOf(random.content());
            var system = new ArrayList<String>();
            if (!random.system().isEmpty()) {
                collect(result.message().getJsonArray("system"), system);
            }
            assertThat(system)
                    .as("seed %d", seed)
                    .isEqualTo(
                            random.system().stream().map(text -> "text " + text).toList());
        }
    }

    private static void collect(JsonArray blocks, List<String> found) {
        for (var block : blocks.getValuesAs(JsonObject.class)) {
            switch (block.getString("type")) {
                case "text" -> found.add("text " + block.getString("text"));
                case "image" -> {
                    String url = block.getJsonObject("source").getString("url");
                    found.add("image " + url.substring(url.lastIndexOf('/') + 1));
                }
                case "tool_use" ->
                    found.add("call " + block.getString("id") + " " + block.getString("name") + " "
                            + block.getJsonObject("input"));
                case "tool_result" -> {
                    found.add("result " + block.getString("tool_use_id"));
                    collect(block.getJsonArray("content"), found);
                }
                default -> found.add("raw " + block);
            }
        }
    }
}
