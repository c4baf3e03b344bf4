package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.openai.chat.ChatSample;
import dev.warder.openai.chat.RandomChat;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random conversations, translated there and back, say the same: every text, call, id, argument, image and file. */
class RoundTripTest {
    private static final int CONVERSATIONS = 6;

    @RepeatedTest(50)
    void saysTheSameThereAndBack(RepetitionInfo info) {
        for (int i = 0; i < CONVERSATIONS; i++) {
            long seed = (long) info.getCurrentRepetition() * CONVERSATIONS + i;
            var chat = new RandomChat(seed).request();
            var message = ChatSample.translated(ChatSample.requests(), chat).message();
            var again = new WayBack(new Random(seed)).messages(message);
            assertThat(said(again)).as("seed %d", seed).containsExactlyElementsOf(said(chat.getJsonArray("messages")));
        }
    }

    /** What the messages say, one item for each text, call, result and medium; texts of the system are in front. */
    private static List<List<Object>> said(JsonArray messages) {
        var system = new ArrayList<List<Object>>();
        var turns = new ArrayList<List<Object>>();
        for (var message : messages.getValuesAs(JsonObject.class)) {
            switch (message.getString("role")) {
                case "system", "developer" -> content(message, "system", system);
                case "assistant" -> assistant(message, turns);
                case "tool" -> {
                    turns.add(List.of("result", message.getString("tool_call_id")));
                    content(message, "tool", turns);
                }
                default -> content(message, "user", turns);
            }
        }
        system.addAll(turns);
        return system;
    }

    /** The texts of an assistant's turn are one: an answer has one content. */
    private static void assistant(JsonObject message, List<List<Object>> said) {
        if (!message.isNull("content")) {
            var before = said.get(said.size() - 1);
            boolean goesOn = before.get(0).equals("assistant");
            String begun = goesOn ? (String) said.remove(said.size() - 1).get(1) : "";
            said.add(List.of("assistant", begun + message.getString("content")));
        }
        if (message.containsKey("tool_calls")) {
            for (var call : message.getJsonArray("tool_calls").getValuesAs(JsonObject.class)) {
                var function = call.getJsonObject("function");
                var input = JsonTree.parseDistinctObject(function.getString("arguments"))
                        .orElseThrow();
                said.add(List.of("call", call.getString("id"), function.getString("name"), input));
            }
        }
    }

    private static void content(JsonObject message, String role, List<List<Object>> said) {
        if (!(message.get("content") instanceof JsonArray parts)) {
            said.add(List.of(role, message.getString("content")));
            return;
        }
        for (var part : parts.getValuesAs(JsonObject.class)) {
            switch (part.getString("type")) {
                case "text" -> said.add(List.of(role, part.getString("text")));
                case "image_url" -> said.add(List.of(role, part.getJsonObject("image_url")));
                default -> said.add(List.of(role, part.getJsonObject("file")));
            }
        }
    }
}
