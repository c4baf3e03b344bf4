package dev.warder.demo;

import dev.warder.http.ErrorType;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

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
        blocks.add(DemoBlock.text(echo(prompt.text())));
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
        events.add(JsonTree.typed("message_start")
                .add("message", message(List.of(), JsonValue.NULL, 1))
                .build());
        events.add(JsonTree.typed("ping").build());
        for (int index = 0; index < blocks.size(); index++) {
            addBlock(events, index, blocks.get(index));
        }
        var stop = JsonTree.newObject().add("stop_reason", stopReason).addNull("stop_sequence");
        events.add(JsonTree.typed("message_delta")
                .add("delta", stop)
                .add("usage", usage(outputTokens()))
                .build());
        events.add(JsonTree.typed("message_stop").build());
        return prompt.asksFor("error mid") ? broken(events) : events;
    }

    private static void addBlock(List<JsonObject> events, int index, DemoBlock block) {
        events.add(JsonTree.typed("content_block_start")
                .add("index", index)
                .add("content_block", block.start())
                .build());
        for (var delta : block.deltas()) {
            events.add(JsonTree.typed(DELTA)
                    .add("index", index)
                    .add("delta", delta)
                    .build());
        }
        events.add(JsonTree.typed("content_block_stop").add("index", index).build());
    }

    private static List<JsonObject> broken(List<JsonObject> events) {
        int beforeDeltas = 3;
        List<JsonObject> begun = new ArrayList<>(events.subList(0, beforeDeltas + DELTAS_BEFORE_ERROR));
        var cause = JsonTree.typed(ErrorType.OVERLOADED.word()).add("message", "Overloaded");
        begun.add(JsonTree.typed("error").add("error", cause).build());
        return begun;
    }

    /**
     * A content block in both of its forms.
     *
     * @param whole its form in a message
     * @param start its form in {@code content_block_start}
     * @param deltas the deltas that complete it
     */
    private record DemoBlock(JsonObject whole, JsonObject start, List<JsonObject> deltas) {
        private static final int LEAST_PIECES = 10;
        private static final int MOST_PIECES = 100;
        private static final int PIECE = 6;

        static DemoBlock text(String text) {
            return new DemoBlock(object("text", "text", text), object("text", "text", ""), deltas("text", text));
        }

        static DemoBlock thinking(String thought, String signature) {
            var deltas = deltas("thinking", thought);
            deltas.add(object("signature_delta", "signature", signature));
            return new DemoBlock(ofThinking(thought, signature), ofThinking("", ""), deltas);
        }

        private static JsonObject ofThinking(String thought, String signature) {
            return JsonTree.typed("thinking")
                    .add("thinking", thought)
                    .add("signature", signature)
                    .build();
        }

        static DemoBlock toolUse(String id, String name, JsonObject input) {
            List<JsonObject> deltas = new ArrayList<>();
            deltas.add(object("input_json_delta", "partial_json", ""));
            pieces(input.toString()).forEach(piece -> deltas.add(object("input_json_delta", "partial_json", piece)));
            return new DemoBlock(ofToolUse(id, name, input), ofToolUse(id, name, JsonValue.EMPTY_JSON_OBJECT), deltas);
        }

        private static JsonObject ofToolUse(String id, String name, JsonObject input) {
            return JsonTree.typed("tool_use")
                    .add("id", id)
                    .add("name", name)
                    .add("input", input)
                    .build();
        }

        private static List<JsonObject> deltas(String member, String text) {
            List<JsonObject> deltas = new ArrayList<>();
            pieces(text).forEach(piece -> deltas.add(object(member + "_delta", member, piece)));
            return deltas;
        }

        private static JsonObject object(String type, String member, String text) {
            return JsonTree.typed(type).add(member, text).build();
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
