package dev.warder.openai.document;

import dev.warder.body.Chunks;
import dev.warder.json.JsonException;
import dev.warder.json.JsonScanner;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Optional;

/** The body of a request as a document of limited size. Thread-safe. */
public final class RequestDocument {
    private RequestDocument() {}

    /** The object that a body is; empty where it is not JSON, has too many values or has a member twice. */
    public static Optional<JsonObject> parse(Chunks body) {
        try {
            var values = new ValueCount();
            JsonScanner.scan(body, 0, body.length(), values);
            return values.isTooHigh() ? Optional.empty() : JsonTree.parseDistinctObject(body.stream());
        } catch (JsonException malformed) {
            return Optional.empty();
        }
    }

    /** The most bytes of memory that the values of {@code body} take while they are translated. */
    public static long valueMemory(Chunks body) {
        return ValueCount.memory(body);
    }
}
