package dev.warder.standalone;

import dev.warder.http.ErrorType;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The demonstration upstream's message in response to a prompt, as one document or as events. */
final class DemoMessage {
    /** The event before which time passes. */
    static final String DELTA = "content_block_delta";

    private static final int SHORTEST_ECHO = 10;
    private static final int DELTAS_BEFORE_ERROR = 5;

    private final DemoPrompt prompt;
    private final String id;
    private final JsonValue stopReason;
    private final List<DemoBlock> blocks = new ArrayList<>();

    DemoMessage(DemoPrompt prompt, String id) {
        this.prompt = prompt;
        this.id = id;
        stopReason = JsonTree.string(prompt.asksFor("tool") ? "tool_use" : "end_turn");
        if (prompt.asksFor("thinking")) {
            blocks.add(DemoBlock.thinking("The user wrote a line, and I am to send it back as it is.", "demo" + id));
        }
        blocks.add(DemoBlock.ofText(echo(prompt.text())));
        if (prompt.asksFor("tool")) {
            JsonObject input = JsonTree.newObject().add("text", prompt.text()).build();
            blocks.add(DemoBlock.toolUse("toolu_" + id, prompt.tool().orElse("echo"), input));
        }
    }

    // A short text gets a prefix, because it would be too short for ten deltas.
    private static String echo(String text) {
        return text.codePointCount(0, text.length()) < SHORTEST_ECHO ? "You said: " + text : text;
    }

    JsonObject document() {
        return message(blocks.stream().map(DemoBlock::whole).toList(), stopReason, outputTokens());
    }

    /** In a stream, it starts without content and without a stop reason. */
    private JsonObject message(List<JsonObject> content, JsonValue stopReason, int outputTokens) {
        return JsonTree.newObject()
                .add("id", "msg_" + id)
                .add("type", "message")
                .add("role", "assistant")
                .add("model", prompt.model())
                .add("content", JsonTree.newArray(content))
                .add("stop_reason", stopReason)
                .addNull("stop_sequence")
                .add("usage", usage(outputTokens))
                .build();
    }

    private JsonObjectBuilder usage(int outputTokens) {
        return JsonTree.newObject()
                .add("input_tokens", prompt.inputTokens())
                .add("cache_creation_input_tokens", 0)
                .add("cache_read_input_tokens", 0)
                .add("output_tokens", outputTokens);
    }

    private int outputTokens() {
        return blocks.stream().mapToInt(block -> block.deltas().size()).sum();
    }

    List<JsonObject> events() {
        List<JsonObject> events = new ArrayList<>();
        events.add(event("message_start", "message", message(List.of(), JsonValue.NULL, 1)));
        events.add(JsonTree.typed("ping").build());
        for (int index = 0; index < blocks.size(); index++) {
            var block = blocks.get(index);
            events.add(ofBlock(index, "content_block_start", "content_block", block.start()));
            for (var delta : block.deltas()) {
                events.add(ofBlock(index, DELTA, "delta", delta));
            }
            events.add(JsonTree.typed("content_block_stop").add("index", index).build());
        }
        var stop = JsonTree.newObject().add("stop_reason", stopReason).addNull("stop_sequence");
        events.add(JsonTree.typed("message_delta")
                .add("delta", stop)
                .add("usage", usage(outputTokens()))
                .build());
        events.add(JsonTree.typed("message_stop").build());
        return prompt.asksFor("error mid") ? broken(events) : events;
    }

    private static JsonObject event(String type, String member, JsonValue value) {
        return JsonTree.typed(type).add(member, value).build();
    }

    private static JsonObject ofBlock(int index, String type, String member, JsonObject value) {
        return JsonTree.typed(type).add("index", index).add(member, value).build();
    }

    private static List<JsonObject> broken(List<JsonObject> events) {
        int beforeDeltas = 3;
        List<JsonObject> begun = new ArrayList<>(events.subList(0, beforeDeltas + DELTAS_BEFORE_ERROR));
        begun.add(event("error", "error", text(ErrorType.OVERLOADED.word(), "message", "Overloaded")));
        return begun;
    }

    private static JsonObject text(String type, String member, String text) {
        return event(type, member, JsonTree.string(text));
    }

    /**
     * A content block.
     *
     * @param whole its form in a message
     * @param deltas the deltas that make it of its form in {@code content_block_start}, which has empty values
     */
    private record DemoBlock(JsonObject whole, List<JsonObject> deltas) {
        private static final int LEAST_PIECES = 10;
        private static final int MOST_PIECES = 100;
        private static final int PIECE = 6;

        static DemoBlock ofText(String text) {
            return new DemoBlock(text("text", "text", text), deltas("text_delta", "text", text));
        }

        static DemoBlock thinking(String thought, String signature) {
            var whole = JsonTree.typed("thinking").add("thinking", thought).add("signature", signature);
            var deltas = deltas("thinking_delta", "thinking", thought);
            deltas.add(text("signature_delta", "signature", signature));
            return new DemoBlock(whole.build(), deltas);
        }

        static DemoBlock toolUse(String id, String name, JsonObject input) {
            var whole =
                    JsonTree.typed("tool_use").add("id", id).add("name", name).add("input", input);
            var deltas = deltas("input_json_delta", "partial_json", input.toString());
            deltas.add(0, text("input_json_delta", "partial_json", ""));
            return new DemoBlock(whole.build(), deltas);
        }

        JsonObject start() {
            var start = JsonTree.newObject(whole);
            Stream.of("text", "thinking", "signature")
                    .filter(whole::containsKey)
                    .forEach(name -> start.add(name, ""));
            return (whole.containsKey("input") ? start.add("input", JsonValue.EMPTY_JSON_OBJECT) : start).build();
        }

        private static List<JsonObject> deltas(String type, String member, String text) {
            var deltas = new ArrayList<JsonObject>();
            pieces(text).forEach(piece -> deltas.add(text(type, member, piece)));
            return deltas;
        }

        /** The text in 10 to 100 pieces, or fewer if it has fewer characters. No piece ends within a character. */
        static List<String> pieces(String text) {
            int characters = text.codePointCount(0, text.length());
            int wanted = Math.max(LEAST_PIECES, Math.min(MOST_PIECES, characters / PIECE));
            List<String> pieces = new ArrayList<>();
            int from = 0;
            for (int piece = 1; piece <= wanted; piece++) {
                int end = (int) ((long) characters * piece / wanted);
                int to = text.offsetByCodePoints(0, end);
                if (to > from) {
                    pieces.add(text.substring(from, to));
                }
                from = to;
            }
            return pieces;
        }
    }
}
