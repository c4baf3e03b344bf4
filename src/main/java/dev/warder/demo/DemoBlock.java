package dev.warder.demo;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A content block in both of its forms.
 *
 * @param whole as it stands in a message
 * @param start as it stands in {@code content_block_start}
 * @param deltas what fills it
 */
record DemoBlock(JsonObject whole, JsonObject start, List<JsonObject> deltas) {
    private static final int LEAST_PIECES = 10;
    private static final int MOST_PIECES = 100;
    private static final int PIECE = 6;

    DemoBlock {
        deltas = List.copyOf(deltas);
    }

    static DemoBlock text(String text) {
        return new DemoBlock(
                Json.createObjectBuilder().add("type", "text").add("text", text).build(),
                Json.createObjectBuilder().add("type", "text").add("text", "").build(),
                deltas("text_delta", "text", pieces(text)));
    }

    static DemoBlock thinking(String thought, String signature) {
        List<JsonObject> deltas = new ArrayList<>(deltas("thinking_delta", "thinking", pieces(thought)));
        deltas.addAll(deltas("signature_delta", "signature", List.of(signature)));
        return new DemoBlock(thinkingBlock(thought, signature), thinkingBlock("", ""), deltas);
    }

    private static JsonObject thinkingBlock(String thought, String signature) {
        return Json.createObjectBuilder()
                .add("type", "thinking")
                .add("thinking", thought)
                .add("signature", signature)
                .build();
    }

    static DemoBlock toolUse(String id, String name, JsonObject input) {
        List<String> parts = new ArrayList<>(List.of(""));
        parts.addAll(pieces(input.toString()));
        return new DemoBlock(
                toolBlock(id, name, input),
                toolBlock(id, name, JsonObject.EMPTY_JSON_OBJECT),
                deltas("input_json_delta", "partial_json", parts));
    }

    private static JsonObject toolBlock(String id, String name, JsonObject input) {
        return Json.createObjectBuilder()
                .add("type", "tool_use")
                .add("id", id)
                .add("name", name)
                .add("input", input)
                .build();
    }

    private static List<JsonObject> deltas(String type, String member, List<String> pieces) {
        return pieces.stream()
                .map(piece -> Json.createObjectBuilder()
                        .add("type", type)
                        .add(member, piece)
                        .build())
                .toList();
    }

    /** The text in ten to a hundred pieces, none of which cuts a character; fewer only if it has fewer characters. */
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
