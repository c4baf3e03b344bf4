package dev.warder.demo;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The members of a Messages request that the demonstration upstream uses.
 *
 * @param model as the client wrote it
 * @param text the last text of the user, or of a tool result
 * @param marks whether marks, for example {@code [[tool]]}, have an effect. They have none in a tool result: a client that runs
 *     tools would call them without end
 * @param tool the first tool that the client offers
 * @param inputTokens a plausible number
 */
record DemoPrompt(String model, boolean stream, String text, boolean marks, Optional<String> tool, int inputTokens) {
    private static final int CHARACTERS_A_TOKEN = 4;

    static DemoPrompt of(JsonObject request) {
        JsonValue content = lastOfUser(request.getJsonArray("messages"));
        var toolResults = blocks(content, "tool_result")
                .flatMap(block -> texts(block.getOrDefault("content", JsonValue.NULL)))
                .toList();
        var shown = toolResults.isEmpty() ? texts(content).toList() : toolResults;
        return new DemoPrompt(
                request.getString("model"),
                request.getBoolean("stream", false),
                shown.isEmpty() ? "" : shown.get(shown.size() - 1),
                toolResults.isEmpty(),
                firstTool(request),
                inputTokens(request));
    }

    boolean asksFor(String mark) {
        return marks && text.contains("[[" + mark + "]]");
    }

    private static JsonValue lastOfUser(JsonArray messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof JsonObject message
                    && message.getString("role", "").equals("user")) {
                return message.getOrDefault("content", JsonValue.NULL);
            }
        }
        return JsonValue.NULL;
    }

    // A string counts as one text block, as in the API.
    private static Stream<String> texts(JsonValue content) {
        return content instanceof JsonString text
                ? Stream.of(text.getString())
                : blocks(content, "text").map(block -> block.getString("text", ""));
    }

    private static Stream<JsonObject> blocks(JsonValue content, String type) {
        if (!(content instanceof JsonArray array)) {
            return Stream.empty();
        }
        return array.stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonValue::asJsonObject)
                .filter(block -> block.getString("type", "").equals(type));
    }

    private static Optional<String> firstTool(JsonObject request) {
        if (request.get("tools") instanceof JsonArray tools
                && !tools.isEmpty()
                && tools.get(0) instanceof JsonObject tool) {
            return Optional.of(tool.getString("name", "")).filter(name -> !name.isEmpty());
        }
        return Optional.empty();
    }

    private static int inputTokens(JsonObject request) {
        int characters = Stream.of("system", "messages", "tools")
                .map(name -> request.getOrDefault(name, JsonValue.EMPTY_JSON_ARRAY))
                .mapToInt(value -> value.toString().length())
                .sum();
        return 1 + characters / CHARACTERS_A_TOKEN;
    }
}
