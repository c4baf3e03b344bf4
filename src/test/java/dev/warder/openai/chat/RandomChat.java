package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A conversation made of a seed, and what must be found again in its translation, in order. */
public final class RandomChat {
    private static final String[] LETTERS = {"a", "ä", "\"", "\\", "\n", "\u2028", "😀", "{", " x", "\u0001"};

    private static final String[] TYPES = {"image/png", "image/jpeg", "image/gif", "image/webp"};

    private final Random random;
    private final JsonArrayBuilder messages = JsonTree.newArray();
    private final List<String> texts = new ArrayList<>();
    private final List<String> systemTexts = new ArrayList<>();
    private final List<String> images = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final List<JsonObject> inputs = new ArrayList<>();
    private int ids;

    public RandomChat(long seed) {
        random = new Random(seed);
        int rounds = 1 + random.nextInt(5);
        for (int i = 0; i < rounds; i++) {
            round();
        }
        user();
    }

    public JsonObject request() {
        var function = JsonTree.newObject().add("name", "f").add("parameters", JsonTree.typed("object"));
        return JsonTree.newObject()
                .add("model", "claude-opus-5")
                .add("messages", messages)
                .add("tools", JsonTree.newArray().add(JsonTree.typed("function").add("function", function)))
                .build();
    }

    public List<String> texts() {
        return texts;
    }

    public List<String> systemTexts() {
        return systemTexts;
    }

    public List<String> images() {
        return images;
    }

    /** The ids of the calls; each is answered. */
    public List<String> calls() {
        return calls;
    }

    public List<JsonObject> inputs() {
        return inputs;
    }

    private void round() {
        if (random.nextInt(3) == 0) {
            String text = text();
            systemTexts.add(text);
            messages.add(message(random.nextBoolean() ? "system" : "developer").add("content", text));
        }
        user();
        if (random.nextInt(4) == 0) {
            user();
        }
        if (random.nextInt(4) == 0) {
            messages.add(message("assistant").add("content", said()));
        }
        assistant();
    }

    private void user() {
        if (random.nextBoolean()) {
            messages.add(message("user").add("content", said()));
            return;
        }
        messages.add(message("user").add("content", parts(random.nextInt(3))));
    }

    private void assistant() {
        var message = message("assistant");
        if (random.nextBoolean()) {
            message.add("content", said());
        } else {
            message.addNull("content");
        }
        int count = random.nextInt(3);
        var ofTurn = new ArrayList<String>();
        var list = JsonTree.newArray();
        for (int i = 0; i < count; i++) {
            String id = "call_" + ids++;
            ofTurn.add(id);
            calls.add(id);
            JsonObject input = object(3);
            inputs.add(input);
            list.add(JsonTree.typed("function")
                    .add("id", id)
                    .add("function", JsonTree.newObject().add("name", "f").add("arguments", input.toString())));
        }
        if (count > 0) {
            message.add("tool_calls", list);
        }
        messages.add(message);
        for (String id : ofTurn) {
            messages.add(message("tool").add("tool_call_id", id).add("content", parts(random.nextInt(2))));
        }
    }

    private JsonArrayBuilder parts(int more) {
        var parts = JsonTree.newArray().add(JsonTree.typed("text").add("text", said()));
        for (int i = 0; i < more; i++) {
            parts.add(medium());
        }
        return parts;
    }

    private JsonObjectBuilder medium() {
        String content = "QUJD" + "A".repeat(4 * random.nextInt(5));
        String address = "https://a.example/" + content + "?q";
        boolean away = random.nextInt(4) == 0;
        images.add(away ? address : content);
        if (!away && random.nextInt(4) == 0) {
            var file = JsonTree.newObject().add("file_data", "data:application/pdf;base64," + content);
            return JsonTree.typed("file").add("file", file.add("filename", text()));
        }
        String type = TYPES[random.nextInt(TYPES.length)];
        String url = away ? address : "data:" + type + ";base64," + content;
        return JsonTree.typed("image_url").add("image_url", JsonTree.newObject().add("url", url));
    }

    private JsonObject object(int depth) {
        JsonObjectBuilder object = JsonTree.newObject();
        int members = random.nextInt(4);
        for (int i = 0; i < members; i++) {
            switch (depth == 0 ? random.nextInt(3) : random.nextInt(5)) {
                case 0 -> object.add(text(), text());
                case 1 -> object.add(text(), random.nextLong());
                case 2 -> object.addNull(text());
                case 3 -> object.add(text(), object(depth - 1));
                default ->
                    object.add(
                            text(),
                            JsonTree.newArray().add(object(depth - 1)).add(true).add(1.5e-7));
            }
        }
        return object.build();
    }

    private String said() {
        String text = text();
        texts.add(text);
        return text;
    }

    private String text() {
        var text = new StringBuilder("t");
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }

    private static JsonObjectBuilder message(String role) {
        return JsonTree.newObject().add("role", role);
    }
}
