package dev.warder.openai;

import dev.warder.json.Chunks;
import dev.warder.json.JsonException;
import dev.warder.json.JsonScanner;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonConfig;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.JsonWriterFactory;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Makes and reads JSON documents; the provider is looked up once, not for each value. Thread-safe. */
final class Tree {
    private static final JsonProvider PROVIDER = JsonProvider.provider();
    private static final JsonBuilderFactory BUILDERS = PROVIDER.createBuilderFactory(Map.of());
    private static final JsonWriterFactory WRITERS = PROVIDER.createWriterFactory(Map.of());
    /** Twice the same member is refused: one of them would be lost. The limits are those of bodies, not the parser's own. */
    private static final JsonReaderFactory READERS = PROVIDER.createReaderFactory(Map.of(
            JsonConfig.KEY_STRATEGY,
            JsonConfig.KeyStrategy.NONE,
            "org.eclipse.parsson.maxParsingLimit",
            Integer.MAX_VALUE));

    private Tree() {}

    static JsonObjectBuilder object() {
        return BUILDERS.createObjectBuilder();
    }

    /** The members of {@code object}, to be changed. */
    static JsonObjectBuilder object(JsonObject object) {
        return BUILDERS.createObjectBuilder(object);
    }

    static JsonArrayBuilder array() {
        return BUILDERS.createArrayBuilder();
    }

    static JsonArrayBuilder array(Collection<? extends JsonValue> items) {
        var array = array();
        items.forEach(array::add);
        return array;
    }

    static JsonString string(String text) {
        return PROVIDER.createValue(text);
    }

    static JsonNumber number(long number) {
        return PROVIDER.createValue(number);
    }

    /** The block {@code {"type": type}}, to be filled. */
    static JsonObjectBuilder typed(String type) {
        return object().add("type", type);
    }

    /** The text of a member that is a string. */
    static Optional<String> text(JsonObject object, String name) {
        return object.get(name) instanceof JsonString string ? Optional.of(string.getString()) : Optional.empty();
    }

    /** The object that a body holds, under the rules of {@link #parse(String)} and of {@link ValueCount}. */
    static Optional<JsonObject> parse(Chunks body) {
        try {
            var values = new ValueCount();
            JsonScanner.scan(body, 0, body.length(), values);
            return values.isTooHigh()
                    ? Optional.empty()
                    : parsed(READERS.createReader(body.stream(), StandardCharsets.UTF_8));
        } catch (JsonException garbage) {
            return Optional.empty();
        }
    }

    /** The document as a body. */
    static Chunks body(JsonObject document) {
        var body = new Chunks();
        try (var writer = WRITERS.createWriter(body.appender(), StandardCharsets.UTF_8)) {
            writer.write(document);
        }
        return body;
    }

    /**
     * The object that {@code text} is in JSON, if it is one. Empty also where a member stands twice in an object, and where
     * a number's exponent or the depth is beyond what the parser holds.
     */
    static Optional<JsonObject> parse(String text) {
        return parsed(READERS.createReader(new StringReader(text)));
    }

    private static Optional<JsonObject> parsed(JsonReader reader) {
        try (reader) {
            return reader.readValue() instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        } catch (RuntimeException garbage) {
            // JSON-P says which exceptions are for what is no JSON; Parsson throws others for depth and exponents.
            return Optional.empty();
        }
    }
}
