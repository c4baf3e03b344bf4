package dev.warder.openai;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * One turn of a conversation, of one message or several in a row. Results of tools come before all other content, as the
 * API requires. One thread at a time.
 */
final class Turn {
    static final String USER = "user";
    static final String ASSISTANT = "assistant";

    private final String role;
    private final String path;
    private final List<JsonObject> results = new ArrayList<>();
    private final List<JsonObject> blocks = new ArrayList<>();

    /** {@code path} is where the role of its first message lies. */
    Turn(String role, String path) {
        this.role = role;
        this.path = path;
    }

    String role() {
        return role;
    }

    String path() {
        return path;
    }

    boolean isAssistant() {
        return role.equals(ASSISTANT);
    }

    boolean hasResults() {
        return !results.isEmpty();
    }

    void add(JsonObject block) {
        blocks.add(block);
    }

    void addResult(JsonObject block) {
        results.add(block);
    }

    /** Cuts white space off the end of an assistant's last text, which the API refuses as the beginning of a response. */
    void stripEnd() {
        if (isAssistant()
                && JsonTree.findText(blocks.get(blocks.size() - 1), "type")
                        .orElse("")
                        .equals("text")) {
            var last = blocks.remove(blocks.size() - 1);
            String text = JsonTree.findText(last, "text").orElse("").stripTrailing();
            blocks.add(JsonTree.newObject(last).add("text", text).build());
        }
    }

    JsonObject build() {
        var content = JsonTree.newArray(results);
        blocks.forEach(content::add);
        return JsonTree.newObject().add("role", role).add("content", content).build();
    }
}
