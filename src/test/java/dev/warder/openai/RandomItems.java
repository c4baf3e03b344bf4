package dev.warder.openai;

import dev.warder.json.JsonTree;
import dev.warder.openai.chat.Talk;
import dev.warder.openai.responses.CalledTool;
import dev.warder.openai.responses.ToolKind;
import dev.warder.stream.DeltaKind;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Blocks of the Messages API made of a seed, and the items in which a client of the Responses API has the user's. */
final class RandomItems {
    private static final String[] LETTERS = {"a", "ä", "\"", "\\", "\n", "\u2028", "\uD83D\uDE00", "{", " x", "\u0001"};
    private static final String[] TYPES = {"image/png", "image/jpeg", "image/gif", "image/webp"};

    private final Random random;
    private int ids;

    RandomItems(Random random) {
        this.random = random;
    }

    /** What a model may say: thinking, texts and calls, of which the last is no thinking. */
    JsonArray response(List<Map.Entry<String, CalledTool>> tools) {
        var blocks = JsonTree.newArray();
        for (int part = random.nextInt(3); part >= 0; part--) {
            for (int thoughts = random.nextInt(3); thoughts > 0; thoughts--) {
                blocks.add(thought());
            }
            for (int texts = 1 + random.nextInt(2); texts > 0; texts--) {
                blocks.add(text(said()));
            }
        }
        for (int calls = random.nextInt(3); calls > 0; calls--) {
            blocks.add(call(tools.get(random.nextInt(tools.size()))));
        }
        return blocks.build();
    }

    /** Texts, images and documents, at least one text. */
    List<JsonObject> parts() {
        var parts = new ArrayList<JsonObject>();
        parts.add(text(said()).build());
        for (int more = random.nextInt(3); more > 0; more--) {
            parts.add(
                    switch (random.nextInt(4)) {
                        case 0 -> text(said()).build();
                        case 1 ->
                            medium("document", "application/pdf")
                                    .add("title", said())
                                    .build();
                        default ->
                            medium("image", TYPES[random.nextInt(TYPES.length)]).build();
                    });
        }
        return parts;
    }

    /** The client's part for a block of {@link #parts}. */
    static JsonObject part(JsonObject block) {
        if (block.getString("type").equals("text")) {
            return JsonTree.typed("input_text")
                    .add("text", block.getString("text"))
                    .build();
        }
        var source = block.getJsonObject("source");
        boolean away = source.getString("type").equals("url");
        String url = away
                ? source.getString("url")
                : "data:" + source.getString("media_type") + ";base64," + source.getString("data");
        if (block.getString("type").equals("image")) {
            return JsonTree.typed("input_image").add("image_url", url).build();
        }
        return JsonTree.typed("input_file")
                .add(away ? "file_url" : "file_data", url)
                .add("filename", block.getString("title"))
                .build();
    }

    /** The blocks as the stream of a message, in random deltas. */
    byte[] stream(JsonArray blocks) {
        var events = new StringBuilder(Talk.start());
        for (int i = 0; i < blocks.size(); i++) {
            var block = blocks.getJsonObject(i);
            switch (block.getString("type")) {
                case "text" -> deltas(events.append(Talk.beginText(i)), i, DeltaKind.TEXT, block.getString("text"));
                case "thinking" -> {
                    events.append(Talk.begin(i, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"));
                    deltas(events, i, DeltaKind.THINKING, block.getString("thinking"));
                    events.append(Talk.delta(i, DeltaKind.SIGNATURE, Talk.quoted(block.getString("signature"))));
                }
                case "tool_use" -> {
                    events.append(Talk.beginTool(i, block.getString("id"), block.getString("name")));
                    deltas(
                            events,
                            i,
                            DeltaKind.INPUT,
                            block.getJsonObject("input").toString());
                }
                default -> events.append(Talk.begin(i, block.toString()));
            }
            events.append(Talk.stop(i));
        }
        return events.append(Talk.end("end_turn")).toString().getBytes(StandardCharsets.UTF_8);
    }

    private void deltas(StringBuilder events, int index, DeltaKind kind, String text) {
        for (int at = 0; at < text.length(); ) {
            int end = text.offsetByCodePoints(
                    at, Math.min(1 + random.nextInt(4), text.codePointCount(at, text.length())));
            events.append(Talk.delta(index, kind, Talk.quoted(text.substring(at, end))));
            at = end;
        }
    }

    private JsonObjectBuilder thought() {
        return random.nextInt(3) == 0
                ? JsonTree.typed("redacted_thinking").add("data", signature())
                : JsonTree.typed("thinking").add("thinking", said()).add("signature", signature());
    }

    private JsonObjectBuilder call(Map.Entry<String, CalledTool> tool) {
        var input = tool.getValue().kind() == ToolKind.CUSTOM
                ? JsonTree.newObject().add("input", said()).build()
                : object(3);
        return JsonTree.typed("tool_use")
                .add("id", "toolu_" + ids++)
                .add("name", tool.getKey())
                .add("input", input);
    }

    private static JsonObjectBuilder text(String text) {
        return JsonTree.typed("text").add("text", text);
    }

    private JsonObjectBuilder medium(String type, String mediaType) {
        String data = "QUJD" + "A".repeat(4 * random.nextInt(5));
        var source = random.nextInt(4) == 0
                ? JsonTree.typed("url").add("url", "https://a.example/" + data + "?q")
                : JsonTree.typed("base64").add("media_type", mediaType).add("data", data);
        return JsonTree.typed(type).add("source", source);
    }

    private JsonObject object(int depth) {
        var object = JsonTree.newObject();
        for (int members = random.nextInt(3); members > 0; members--) {
            if (depth > 0 && random.nextBoolean()) {
                object.add(said(), random.nextBoolean() ? object(depth - 1) : array(depth - 1));
            } else {
                object.add(said(), said());
            }
        }
        return object.build();
    }

    private JsonArray array(int depth) {
        JsonArrayBuilder array = JsonTree.newArray().add(random.nextInt()).add(random.nextBoolean());
        return depth > 0 ? array.add(object(depth)).build() : array.build();
    }

    /** A text that is not blank and has nothing at its ends that could be cut off. */
    private String said() {
        var text = new StringBuilder("<");
        for (int letters = random.nextInt(20); letters > 0; letters--) {
            text.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.append(">").toString();
    }

    private String signature() {
        return "sig+/" + Long.toHexString(random.nextLong()) + "==";
    }
}
