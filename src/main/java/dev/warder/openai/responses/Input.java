package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Optional;

/** The input that a tool's use has when its block begins. It counts when no piece of an input follows. One thread at a time. */
final class Input {
    private String text;

    /** @param block begins with an input, which may be empty */
    Input(JsonObject block) {
        this.text = JsonTree.object(block, "input").toString();
    }

    void arrived() {
        text = "";
    }

    Optional<byte[]> initial() {
        return text.isEmpty() ? Optional.empty() : Optional.of(JsonText.literal(text));
    }

    /** Its bytes, about. */
    long kept() {
        return text.length();
    }
}
