package dev.warder.demo;

import jakarta.json.JsonObject;
import jakarta.json.bind.annotation.JsonbPropertyOrder;

/** A content block in a message. */
sealed interface DemoContent {
    /** Text. */
    @JsonbPropertyOrder({"type", "text"})
    record Text(String type, String text) implements DemoContent {
        Text(String text) {
            this("text", text);
        }
    }

    /** Thinking and its signature. */
    @JsonbPropertyOrder({"type", "thinking", "signature"})
    record Thinking(String type, String thinking, String signature) implements DemoContent {
        Thinking(String thinking, String signature) {
            this("thinking", thinking, signature);
        }
    }

    /** A call of one of the client's tools. */
    @JsonbPropertyOrder({"type", "id", "name", "input"})
    record ToolUse(String type, String id, String name, JsonObject input) implements DemoContent {
        ToolUse(String id, String name, JsonObject input) {
            this("tool_use", id, name, input);
        }
    }
}
