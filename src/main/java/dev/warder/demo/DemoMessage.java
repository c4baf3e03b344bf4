package dev.warder.demo;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** The stand-in's message to a prompt, as one document or as events (client contract, section 5). */
final class DemoMessage {
    private static final int SHORTEST_ECHO = 10;
    private static final int DELTAS_BEFORE_ERROR = 5;

    private final DemoPrompt prompt;
    private final String id;
    private final List<DemoBlock> blocks = new ArrayList<>();

    DemoMessage(DemoPrompt prompt, String id) {
        this.prompt = prompt;
        this.id = id;
        if (prompt.asksFor("thinking")) {
            blocks.add(DemoBlock.thinking("The user wrote a line, and I am to send it back as it is.", "demo" + id));
        }
        blocks.add(DemoBlock.text(echo(prompt.text())));
        if (prompt.asksFor("tool")) {
            JsonObject input =
                    Json.createObjectBuilder().add("text", prompt.text()).build();
            blocks.add(DemoBlock.toolUse("toolu_" + id, prompt.tool().orElse("echo"), input));
        }
    }

    // Too short for ten deltas without a word before it.
    private static String echo(String text) {
        return text.codePointCount(0, text.length()) < SHORTEST_ECHO ? "You said: " + text : text;
    }

    JsonObject document() {
        JsonArrayBuilder content = Json.createArrayBuilder();
        blocks.forEach(block -> content.add(block.whole()));
        return message(content, Json.createValue(stopReason()), outputTokens());
    }

    private JsonObject message(JsonArrayBuilder content, JsonValue stopReason, int outputTokens) {
        return Json.createObjectBuilder()
                .add("id", "msg_" + id)
                .add("type", "message")
                .add("role", "assistant")
                .add("model", prompt.model())
                .add("content", content)
                .add("stop_reason", stopReason)
                .add("stop_sequence", JsonValue.NULL)
                .add("usage", usage(outputTokens))
                .build();
    }

    private JsonObjectBuilder usage(int outputTokens) {
        return Json.createObjectBuilder()
                .add("input_tokens", prompt.inputTokens())
                .add("cache_creation_input_tokens", 0)
                .add("cache_read_input_tokens", 0)
                .add("output_tokens", outputTokens);
    }

    private String stopReason() {
        return prompt.asksFor("tool") ? "tool_use" : "end_turn";
    }

    private int outputTokens() {
        return blocks.stream().mapToInt(block -> block.deltas().size()).sum();
    }

    List<String> events() {
        List<String> events = new ArrayList<>();
        JsonObject empty = message(Json.createArrayBuilder(), JsonValue.NULL, 1);
        events.add(event("message_start", object().add("message", empty)));
        events.add(event("ping", object()));
        for (int index = 0; index < blocks.size(); index++) {
            addBlock(events, index, blocks.get(index));
        }
        var delta = object().add("stop_reason", stopReason()).add("stop_sequence", JsonValue.NULL);
        events.add(event("message_delta", object().add("delta", delta).add("usage", usage(outputTokens()))));
        events.add(event("message_stop", object()));
        return prompt.asksFor("error mid") ? broken(events) : events;
    }

    private static void addBlock(List<String> events, int index, DemoBlock block) {
        events.add(event("content_block_start", object().add("index", index).add("content_block", block.start())));
        for (JsonObject delta : block.deltas()) {
            events.add(event("content_block_delta", object().add("index", index).add("delta", delta)));
        }
        events.add(event("content_block_stop", object().add("index", index)));
    }

    private static List<String> broken(List<String> events) {
        int beforeDeltas = 3;
        List<String> begun = new ArrayList<>(events.subList(0, beforeDeltas + DELTAS_BEFORE_ERROR));
        var error = object().add("type", "overloaded_error").add("message", "Overloaded");
        begun.add(event("error", object().add("error", error)));
        return begun;
    }

    private static JsonObjectBuilder object() {
        return Json.createObjectBuilder();
    }

    private static String event(String name, JsonObjectBuilder members) {
        JsonObject data = object().add("type", name).addAll(members).build();
        return "event: " + name + "\ndata: " + data + "\n\n";
    }
}
