package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelMap;
import dev.warder.edit.ModelCatalog;
import dev.warder.json.JsonTree;
import dev.warder.openai.chat.ChatFrames;
import dev.warder.openai.responses.CalledTool;
import dev.warder.openai.responses.ItemsResponse;
import dev.warder.openai.responses.ResponsesContext;
import dev.warder.openai.responses.ResponsesRequestReader;
import dev.warder.openai.responses.ResponsesTranslation;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.testkit.Turns;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;

/**
 * Random conversations with a client of the Responses API: whatever model and user said, called, returned and thought goes
 * up again in every later request, block by block as it came.
 */
@Tag("turn-5")
class ResponsesRoundTripTest {
    private static final int CONVERSATIONS = Turns.of(1, 6);
    private static final String[] MODELS = {"claude-opus-5-5", "claude-sonnet-4-5", "claude-haiku-4-5"};
    private static final JsonArray TOOLS = ChatFrames.json(
                    """
                    {"tools":[{"type":"function","name":"plain","parameters":{"type":"object"}},\
                    {"type":"namespace","name":"mcp__space","description":"","tools":[\
                    {"type":"function","name":"nested","parameters":{"type":"object"}},\
                    {"type":"custom","name":"script","format":{"type":"text"}}]},\
                    {"type":"custom","name":"grammar","format":{"type":"grammar","syntax":"lark","definition":"start: /x/"}},\
                    {"type":"function","name":"%s","parameters":{"type":"object"}}]}"""
                            .formatted("long".repeat(30)))
            .getJsonArray("tools");

    /** A conversation, on the client's side and as it has to go up. */
    private static final class Talking {
        private final ReasoningSeal seal = new ReasoningSeal(List.of());
        private final ResponsesRequestReader reader =
                new ResponsesRequestReader(ModelCatalog.shipped(), ModelMap.of(Optional.empty()), true, seal);
        private final List<JsonObject> input = new ArrayList<>();
        private final List<List<JsonObject>> turns = new ArrayList<>();
        private final Random random;
        private final RandomItems blocks;
        private final String model;

        Talking(long seed) {
            random = new Random(seed);
            blocks = new RandomItems(random);
            model = MODELS[random.nextInt(MODELS.length)];
        }

        void talk() {
            for (int rounds = 1 + random.nextInt(4); rounds > 0; rounds--) {
                user();
                while (respond() > 0) {
                    results();
                }
            }
            user();
            send();
        }

        private void user() {
            var parts = blocks.parts();
            turns.add(parts);
            var content = JsonTree.newArray();
            parts.forEach(part -> content.add(RandomItems.part(part)));
            input.add(JsonTree.typed("message")
                    .add("role", "user")
                    .add("content", content)
                    .build());
        }

        /** The number of calls in the response to what is sent. */
        private long respond() {
            var context = send();
            var tools = context.tools().byName().entrySet().stream()
                    .sorted(Comparator.comparing(Map.Entry<String, CalledTool>::getKey))
                    .toList();
            var said = blocks.response(tools);
            turns.add(said.getValuesAs(JsonObject.class));
            var response = new ItemsResponse(context, seal, "x", InstantSource.fixed(Instant.EPOCH));
            output(response, said).forEach(item -> input.add(again(item)));
            return calls().size();
        }

        private List<JsonObject> output(ItemsResponse response, JsonArray said) {
            if (random.nextBoolean()) {
                return done(streamed(response, blocks.stream(said)));
            }
            var message = JsonTree.typed("message")
                    .add("role", "assistant")
                    .add("content", said)
                    .add("stop_reason", "end_turn")
                    .build()
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            if (random.nextBoolean()) {
                return done(response.events(message).orElseThrow());
            }
            var whole = new String(response.whole(message).orElseThrow(), StandardCharsets.UTF_8);
            return ChatFrames.json(whole).getJsonArray("output").getValuesAs(JsonObject.class);
        }

        private byte[] streamed(ItemsResponse response, byte[] message) {
            var stream = response.stream(1 << 20);
            var events = new ByteArrayOutputStream();
            for (int at = 0; at < message.length; ) {
                int end = Math.min(message.length, at + 1 + random.nextInt(500));
                events.writeBytes(stream.feed(Arrays.copyOfRange(message, at, end)));
                at = end;
            }
            events.writeBytes(stream.end());
            return events.toByteArray();
        }

        /** The items that a client keeps of a stream: those that are done. */
        private static List<JsonObject> done(byte[] events) {
            return Arrays.stream(new String(events, StandardCharsets.UTF_8).split("\n\n", -1))
                    .filter(event -> event.startsWith("event: response.output_item.done\n"))
                    .map(event -> ChatFrames.json(event.substring(event.indexOf("data: ") + 6)))
                    .map(event -> event.getJsonObject("item"))
                    .toList();
        }

        /** As Codex sends an item back, or as a program that keeps less of it does. */
        private JsonObject again(JsonObject item) {
            var copy = JsonTree.newObject();
            boolean brief = random.nextBoolean();
            item.forEach((name, value) -> {
                if (!brief || !List.of("id", "status").contains(name)) {
                    copy.add(name, value);
                }
            });
            return item.getString("type").equals("reasoning")
                    ? copy.addNull("content").build()
                    : copy.build();
        }

        private List<JsonObject> calls() {
            return turns.get(turns.size() - 1).stream()
                    .filter(block -> block.getString("type").equals("tool_use"))
                    .toList();
        }

        private void results() {
            var results = new ArrayList<JsonObject>();
            for (var call : calls()) {
                String id = call.getString("id");
                var content = JsonTree.newArray();
                var parts = JsonTree.newArray();
                for (var block : blocks.parts()) {
                    content.add(block);
                    parts.add(RandomItems.part(block));
                }
                results.add(JsonTree.typed("tool_result")
                        .add("tool_use_id", id)
                        .add("content", content)
                        .build());
                input.add(JsonTree.typed(typeOf(id) + "_output")
                        .add("call_id", id)
                        .add("output", parts)
                        .build());
            }
            turns.add(results);
        }

        private String typeOf(String callId) {
            return input.stream()
                    .filter(item -> item.getString("call_id", "").equals(callId))
                    .findFirst()
                    .orElseThrow()
                    .getString("type");
        }

        private ResponsesContext send() {
            var request = JsonTree.newObject()
                    .add("model", model)
                    .add("input", array(input))
                    .add("tools", TOOLS)
                    .add("include", JsonTree.newArray().add("reasoning.encrypted_content"));
            if (random.nextBoolean()) {
                request.add(
                        "reasoning", JsonTree.newObject().add("effort", "high").add("summary", "auto"));
            }
            var translated = (ResponsesTranslation.Translated) reader.translate(request.build(), false);
            var sent = translated.message().getJsonArray("messages").getValuesAs(JsonObject.class).stream()
                    .map(turn -> turn.getJsonArray("content").getValuesAs(JsonObject.class))
                    .toList();
            assertThat(sent).containsExactlyElementsOf(turns);
            return translated.context();
        }

        private static JsonValue array(List<JsonObject> items) {
            var array = JsonTree.newArray();
            items.forEach(array::add);
            return array.build();
        }
    }

    @RepeatedTest(50)
    void sendsEveryBlockAgain(RepetitionInfo info) {
        for (int i = 0; i < CONVERSATIONS; i++) {
            new Talking((long) info.getCurrentRepetition() * CONVERSATIONS + i).talk();
        }
    }
}
