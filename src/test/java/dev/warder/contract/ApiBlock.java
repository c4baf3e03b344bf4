package dev.warder.contract;

import dev.warder.testkit.Messages;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One block of a message as the API answers it. Immutable.
 *
 * @param whole the block in an answer that is no stream
 * @param start the block as its stream begins it
 * @param deltas what the stream adds to it, in order
 */
record ApiBlock(JsonObject whole, JsonObject start, List<JsonObject> deltas) {
    ApiBlock {
        deltas = List.copyOf(deltas);
    }

    /** A text, a delta a piece. */
    static ApiBlock text(String... pieces) {
        var block = Json.createObjectBuilder().add("type", "text");
        var text = Stream.of(pieces).map(piece -> delta("text_delta", "text", piece));
        var start = Json.createObjectBuilder().add("type", "text").add("text", "");
        return new ApiBlock(block.add("text", String.join("", pieces)).build(), start.build(), text.toList());
    }

    /** What the model thought, with the signature that closes it. */
    static ApiBlock thinking(String thought) {
        return thinking(thought, "c2lnbmF0dXJl");
    }

    /** What the model thought, with this signature. */
    static ApiBlock thinking(String thought, String signature) {
        var whole = Json.createObjectBuilder().add("type", "thinking").add("thinking", thought);
        var start = Json.createObjectBuilder().add("type", "thinking").add("thinking", "");
        return new ApiBlock(
                whole.add("signature", signature).build(),
                start.add("signature", "").build(),
                List.of(
                        delta("thinking_delta", "thinking", thought),
                        delta("signature_delta", "signature", signature)));
    }

    /** What the model thought, encrypted. */
    static ApiBlock redacted(String data) {
        var block = Json.createObjectBuilder()
                .add("type", "redacted_thinking")
                .add("data", data)
                .build();
        return new ApiBlock(block, block, List.of());
    }

    /** Use of a tool, whose input comes as these pieces of JSON; none: the empty object. */
    static ApiBlock toolUse(String id, String name, String... pieces) {
        var deltas = new ArrayList<JsonObject>();
        deltas.add(delta("input_json_delta", "partial_json", ""));
        Stream.of(pieces)
                .map(piece -> delta("input_json_delta", "partial_json", piece))
                .forEach(deltas::add);
        var input = pieces.length == 0 ? "{}" : String.join("", pieces);
        return new ApiBlock(use(id, name, input), use(id, name, "{}"), deltas);
    }

    /** The events of this block in a stream, where it is the one with that index. */
    List<String> events(int index) {
        var events = new ArrayList<String>();
        events.add(event("content_block_start", index, "content_block", start));
        deltas.forEach(delta -> events.add(event("content_block_delta", index, "delta", delta)));
        events.add(Messages.event(
                "content_block_stop", "{\"type\":\"content_block_stop\",\"index\":%d}".formatted(index)));
        return events;
    }

    private static JsonObject use(String id, String name, String input) {
        return Json.createObjectBuilder()
                .add("type", "tool_use")
                .add("id", id)
                .add("name", name)
                .add("input", Answers.json(input))
                .build();
    }

    private static JsonObject delta(String type, String member, String piece) {
        return Json.createObjectBuilder().add("type", type).add(member, piece).build();
    }

    private static String event(String type, int index, String member, JsonObject content) {
        var data = Json.createObjectBuilder().add("type", type).add("index", index);
        return Messages.event(type, data.add(member, content).build().toString());
    }
}
