package dev.warder.demo;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A content block in both of its forms.
 *
 * @param whole its form in a message
 * @param start its form in {@code content_block_start}
 * @param deltas the deltas that complete it
 */
record DemoBlock(DemoContent whole, DemoContent start, List<DemoDelta> deltas) {
    private static final int LEAST_PIECES = 10;
    private static final int MOST_PIECES = 100;
    private static final int PIECE = 6;

    DemoBlock {
        deltas = List.copyOf(deltas);
    }

    static DemoBlock text(String text) {
        List<DemoDelta> deltas = new ArrayList<>();
        pieces(text).forEach(piece -> deltas.add(new DemoDelta.Text(piece)));
        return new DemoBlock(new DemoContent.Text(text), new DemoContent.Text(""), deltas);
    }

    static DemoBlock thinking(String thought, String signature) {
        List<DemoDelta> deltas = new ArrayList<>();
        pieces(thought).forEach(piece -> deltas.add(new DemoDelta.Thinking(piece)));
        deltas.add(new DemoDelta.Signature(signature));
        return new DemoBlock(new DemoContent.Thinking(thought, signature), new DemoContent.Thinking("", ""), deltas);
    }

    static DemoBlock toolUse(String id, String name, JsonObject input) {
        List<DemoDelta> deltas = new ArrayList<>();
        deltas.add(new DemoDelta.InputJson(""));
        pieces(input.toString()).forEach(piece -> deltas.add(new DemoDelta.InputJson(piece)));
        return new DemoBlock(
                new DemoContent.ToolUse(id, name, input),
                new DemoContent.ToolUse(id, name, JsonObject.EMPTY_JSON_OBJECT),
                deltas);
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
