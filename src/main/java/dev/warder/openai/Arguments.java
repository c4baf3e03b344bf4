package dev.warder.openai;

import dev.warder.json.JsonException;
import dev.warder.json.JsonHandler;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonScanner;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The JSON text of a tool call's arguments, held to the same rules as a body: depth, digits and surrogates. Thread-safe.
 */
final class Arguments {
    private static final JsonHandler NOTHING = new JsonHandler() {
        @Override
        public void open(JsonKind kind, long at) {}

        @Override
        public void close(JsonKind kind, long at) {}

        @Override
        public void name(long from, long to) {}

        @Override
        public void scalar(JsonKind kind, long from, long to) {}
    };

    private Arguments() {}

    /** The object that the member says; without arguments an empty one. */
    static JsonObject read(Members call, String member) throws RefusedException {
        String text = call.text(member).orElse("");
        return (text.isBlank() ? Optional.of(JsonValue.EMPTY_JSON_OBJECT) : parse(text))
                .orElseThrow(() -> call.refused(member, "must be a JSON object."));
    }

    private static Optional<JsonObject> parse(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            var scanner = new JsonScanner(NOTHING);
            scanner.feed(bytes, 0, bytes.length);
            scanner.finish();
            return Tree.parse(text);
        } catch (JsonException malformed) {
            return Optional.empty();
        }
    }
}
