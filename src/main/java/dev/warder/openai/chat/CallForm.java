package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;

/** The forms of a call in a chat completion. */
enum CallForm {
    /** A function, with arguments as JSON text. */
    FUNCTION("function", "arguments"),
    /** A custom tool, whose input is any text. */
    CUSTOM(CustomTool.TYPE, "input");

    /** The type of the call, and the member that has the tool. */
    final String type;

    /** What precedes the literal of a piece in a chunk. */
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

    /** The tool with this input. */
    JsonObjectBuilder tool(String name, String text) {
        return JsonTree.newObject().add("name", name).add(input, text);
    }
}
