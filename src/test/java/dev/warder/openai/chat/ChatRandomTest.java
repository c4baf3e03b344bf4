package dev.warder.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.ObjectMappers;
import com.anthropic.models.messages.MessageCreateParams;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Conversations made of seeds lose nothing, and the API's own classes take what becomes of them. */
class ChatRandomTest {
    private static final int CONVERSATIONS = 6;

    private final List<String> texts = new ArrayList<>();
    private final List<String> images = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final List<String> answered = new ArrayList<>();
    private final List<JsonObject> inputs = new ArrayList<>();

    @RepeatedTest(50)
    void keepsEveryTextImageCallAndArgument(RepetitionInfo info) throws Exception {
        for (int i = 0; i < CONVERSATIONS; i++) {
            long seed = (long) info.getCurrentRepetition() * CONVERSATIONS + i;
            var chat = new RandomChat(seed);
            var message =
                    ChatSample.translated(ChatSample.requests(), chat.request()).message();
            check(seed, chat, message);
            ObjectMappers.jsonMapper()
                    .readValue(message.toString(), MessageCreateParams.Body.class)
                    .validate();
        }
    }

    private void check(long seed, RandomChat chat, JsonObject message) {
        texts.clear();
        images.clear();
        calls.clear();
        answered.clear();
        inputs.clear();
        String before = "assistant";
        for (var turn : message.getJsonArray("messages").getValuesAs(JsonObject.class)) {
            assertThat(turn.getString("role")).as("seed %d", seed).isNotEqualTo(before);
            before = turn.getString("role");
            collect(turn.getJsonArray("content"));
        }
        assertThat(texts).as("seed %d", seed).containsExactlyElementsOf(chat.texts());
        assertThat(images).as("seed %d", seed).containsExactlyElementsOf(chat.images());
        assertThat(calls).as("seed %d", seed).containsExactlyElementsOf(chat.calls());
        assertThat(answered).as("seed %d", seed).containsExactlyElementsOf(chat.calls());
        assertThat(inputs).as("seed %d", seed).containsExactlyElementsOf(chat.inputs());
        var system = message.containsKey("system") ? message.getJsonArray("system") : JsonArray.EMPTY_JSON_ARRAY;
        assertThat(system.getValuesAs(block -> block.asJsonObject().getString("text")))
                .as("seed %d", seed)
                .containsExactlyElementsOf(chat.systemTexts());
    }

    private void collect(JsonArray blocks) {
        for (var block : blocks.getValuesAs(JsonObject.class)) {
            switch (block.getString("type")) {
                case "text" -> texts.add(block.getString("text"));
                case "image", "document" -> {
                    var source = block.getJsonObject("source");
                    images.add(source.getString(source.containsKey("url") ? "url" : "data"));
                }
                case "tool_use" -> {
                    calls.add(block.getString("id"));
                    inputs.add(block.getJsonObject("input"));
                }
                default -> {
                    answered.add(block.getString("tool_use_id"));
                    collect(block.getJsonArray("content"));
                }
            }
        }
    }
}
