package dev.warder.standalone;

import dev.warder.json.JsonTree;
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
        var last = JsonTree.objects(request, "messages")
                .filter(message -> JsonTree.text(message, "role").equals("user"))
                .reduce((earlier, later) -> later)
                .orElse(JsonValue.EMPTY_JSON_OBJECT);
        var toolResults = blocks(last, "tool_result").flatMap(DemoPrompt::texts).toList();
        var shown = toolResults.isEmpty() ? texts(last).toList() : toolResults;
        return new DemoPrompt(
                request.getString("model"),
                request.getBoolean("stream", false),
                shown.isEmpty() ? "" : shown.get(shown.size() - 1),
                toolResults.isEmpty(),
                JsonTree.objects(request, "tools")
                        .findFirst()
                        .map(tool -> JsonTree.text(tool, "name"))
                        .filter(name -> !name.isEmpty()),
                inputTokens(request));
    }

    boolean asksFor(String mark) {
        return marks && text.contains("[[" + mark + "]]");
    }

    // A string counts as one text block, as in the API.
    private static Stream<String> texts(JsonObject owner) {
        return owner.get("content") instanceof JsonString text
                ? Stream.of(text.getString())
                : blocks(owner, "text").map(block -> JsonTree.text(block, "text"));
    }

    private static Stream<JsonObject> blocks(JsonObject owner, String type) {
        return JsonTree.objects(owner, "content")
                .filter(block -> JsonTree.text(block, "type").equals(type));
    }

    private static int inputTokens(JsonObject request) {
        int characters = Stream.of("system", "messages", "tools")
                .map(name -> request.getOrDefault(name, JsonValue.EMPTY_JSON_ARRAY))
                .mapToInt(value -> value.toString().length())
                .sum();
        return 1 + characters / CHARACTERS_A_TOKEN;
    }
}
