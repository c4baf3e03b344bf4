package dev.warder.openai.document;

import dev.warder.json.JsonException;
import dev.warder.json.JsonScanner;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The JSON text of a tool call's arguments, held to the same rules as a body: depth, digits and surrogates. Thread-safe.
 */
public final class Arguments {
    private Arguments() {}

    /**
     * The object that the member holds; an empty one without arguments.
     *
     * @param values counts the values of all calls of the request
     */
    public static JsonObject read(Members call, String member, ValueCount values) throws RefusedException {
        return find(call, member, values).orElseThrow(() -> call.refused(member, "must be a JSON object."));
    }

    /** Like {@link #read}, but empty where the text is no JSON object. */
    public static Optional<JsonObject> find(Members call, String member, ValueCount values) throws RefusedException {
        String text = call.text(member).orElse("");
        return text.isBlank() ? Optional.of(JsonValue.EMPTY_JSON_OBJECT) : parse(text, values);
    }

    private static Optional<JsonObject> parse(String text, ValueCount values) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            var scanner = new JsonScanner(values);
            scanner.feed(bytes, 0, bytes.length);
            scanner.finish();
            return values.isTooHigh() ? Optional.empty() : JsonTree.parseDistinctObject(text);
        } catch (JsonException malformed) {
            return Optional.empty();
        }
    }
}
