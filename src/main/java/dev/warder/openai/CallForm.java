package dev.warder.openai;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.CustomTool;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;

/** The forms of a call in a chat completion. */
enum CallForm {
    FUNCTION("function", "arguments"),
    CUSTOM(CustomTool.TYPE, "input");

    final String type;
    final byte[] piece;

    private final String input;

    CallForm(String type, String input) {
        this.type = type;
        this.input = input;
        this.piece = (",\"" + type + "\":{\"" + input + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    static CallForm of(boolean custom) {
        return custom ? CUSTOM : FUNCTION;
    }

    JsonObjectBuilder tool(String name, String text) {
        return JsonTree.newObject().add("name", name).add(input, text);
    }

    JsonObjectBuilder call(String id, String name, String text) {
        return JsonTree.newObject().add("id", id).add("type", type).add(type, tool(name, text));
    }
}
