package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** What the model said in a conversation is the same once it was translated there and, as an answer, back again. */
class ChatRoundTripTest {
    private static final int CONVERSATIONS = 8;

    @RepeatedTest(50)
    void keepsEveryTextCallIdAndArgumentThereAndBack(RepetitionInfo info) {
        for (int i = 0; i < CONVERSATIONS; i++) {
            long seed = (long) info.getCurrentRepetition() * CONVERSATIONS + i;
            JsonObject request = new RandomChat(seed).request();
            var there = ChatSample.translated(ChatSample.requests(), request);
            List<JsonObject> said = said(request.getJsonArray("messages"));
            List<JsonObject> turns = said(there.message().getJsonArray("messages"));
            assertThat(turns).as("seed %d", seed).hasSameSizeAs(said);
            for (int turn = 0; turn < said.size(); turn++) {
                JsonArray blocks = turns.get(turn).getJsonArray("content");
                same(seed, said.get(turn), whole(there.context(), blocks));
                same(seed, said.get(turn), streamed(there.context(), blocks));
            }
        }
    }

    /** The assistant's messages that say anything. */
    private static List<JsonObject> said(JsonArray messages) {
        return messages.getValuesAs(JsonObject.class).stream()
                .filter(message -> message.getString("role").equals("assistant"))
                .filter(message -> !message.isNull("content") || message.containsKey("tool_calls"))
                .toList();
    }

    private static void same(long seed, JsonObject before, JsonObject after) {
        assertThat(after.get("content")).as("seed %d", seed).isEqualTo(before.get("content"));
        var calls = calls(before);
        var told = calls(after);
        assertThat(told).as("seed %d", seed).hasSameSizeAs(calls);
        for (int i = 0; i < calls.size(); i++) {
            assertThat(told.get(i).getString("id")).isEqualTo(calls.get(i).getString("id"));
            var function = told.get(i).getJsonObject("function");
            var first = calls.get(i).getJsonObject("function");
            assertThat(function.getString("name")).isEqualTo(first.getString("name"));
            assertThat(Talk.object(function.getString("arguments")))
                    .as("seed %d", seed)
                    .isEqualTo(Talk.object(first.getString("arguments")));
        }
    }

    private static List<JsonObject> calls(JsonObject message) {
        return message.containsKey("tool_calls")
                ? message.getJsonArray("tool_calls").getValuesAs(JsonObject.class)
                : List.of();
    }

    private static JsonObject whole(ChatContext context, JsonArray blocks) {
        byte[] body = message(blocks).toString().getBytes(StandardCharsets.UTF_8);
        byte[] told = new ChatAnswer(context, "x", Instant.EPOCH).of(body).orElseThrow();
        return Talk.object(new String(told, StandardCharsets.UTF_8))
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message");
    }

    private static JsonObject message(JsonArray blocks) {
        return Tree.typed("message")
                .add("content", blocks)
                .add("stop_reason", "tool_use")
                .build();
    }

    /** The message that a client puts together of the chunks. */
    private static JsonObject streamed(ChatContext context, JsonArray blocks) {
        var stream = new ChatStream(context, "x", Instant.EPOCH, 1_000_000);
        var frames = ChatFrames.of(stream.feed(ByteBuffer.wrap(events(blocks).getBytes(StandardCharsets.UTF_8))));
        assertThat(frames.done()).isTrue();
        var calls = Tree.array();
        int count = 0;
        for (; !frames.calls(count).isEmpty(); count++) {
            JsonObject call = frames.calls(count).get(0);
            var function = Tree.object(call.getJsonObject("function")).add("arguments", frames.arguments(count));
            calls.add(Tree.object(call).add("function", function));
        }
        String text = frames.joined("content");
        var message = Tree.object();
        if (text.isEmpty() && count > 0) {
            message.addNull("content");
        } else {
            message.add("content", text);
        }
        return count == 0 ? message.build() : message.add("tool_calls", calls).build();
    }

    private static String events(JsonArray blocks) {
        var events = new StringBuilder(Talk.start());
        for (int i = 0; i < blocks.size(); i++) {
            JsonObject block = blocks.getJsonObject(i);
            if (block.getString("type").equals("text")) {
                events.append(Talk.beginText(i)).append(Talk.text(i, block.getString("text")));
            } else {
                String input = block.getJsonObject("input").toString();
                int middle = input.length() / 2;
                middle += Character.isLowSurrogate(input.charAt(middle)) ? 1 : 0;
                events.append(Talk.beginTool(i, block.getString("id"), block.getString("name")))
                        .append(Talk.input(i, input.substring(0, middle)))
                        .append(Talk.input(i, input.substring(middle)));
            }
            events.append(Talk.stop(i));
        }
        return events.append(Talk.end("tool_use")).toString();
    }
}
