package dev.warder.json;

import dev.warder.body.Chunks;
import jakarta.json.JsonArray;
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
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Reads, builds and writes documents of open shape as trees of JSON-P: members unknown to Warder stay in the tree. Documents of
 * fixed shape may also be records, see {@link JsonDocuments}. Thread-safe.
 *
 * <p>This is the only class that uses JSON-P's parser. The parser throws undocumented exceptions (Parsson: a bare {@link
 * RuntimeException} for depth, an {@link ArithmeticException} for exponents). Its messages contain text of the document, which
 * may be a token. An unreadable document is therefore an empty result without a message or a cause. So is one with more names and
 * values than {@link ValueCount#MOST}.
 */
public final class JsonTree {
    /** Looked up once: the static methods of {@code Json} search the class path for a provider on each call. */
    static final JsonProvider PROVIDER = JsonProvider.provider();

    private static final JsonBuilderFactory BUILDERS = PROVIDER.createBuilderFactory(Map.of());
    private static final JsonParserFactory PARSERS = PROVIDER.createParserFactory(Map.of());
    private static final JsonReaderFactory READERS = PROVIDER.createReaderFactory(Map.of());
    private static final JsonWriterFactory WRITERS = PROVIDER.createWriterFactory(Map.of());
    private static final JsonWriterFactory LINE_WRITERS =
            PROVIDER.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));
    /** The limits of these documents are those of request bodies, not those of the parser. */
    private static final JsonReaderFactory DISTINCT_READERS = PROVIDER.createReaderFactory(Map.of(
            JsonConfig.KEY_STRATEGY,
            JsonConfig.KeyStrategy.NONE,
            "org.eclipse.parsson.maxParsingLimit",
            Integer.MAX_VALUE));

    /** More than any count. Up to here a {@code double} has each whole number. */
    private static final double COUNTS_END = 1e15;

    private JsonTree() {}

    public static Optional<JsonValue> parse(String text) {
        return parsed(text, () -> {
            // A reader of JSON-P would ignore text after the value.
            try (var parser = PARSERS.createParser(new StringReader(text))) {
                parser.next();
                JsonValue value = parser.getValue();
                if (parser.hasNext()) {
                    throw new IllegalArgumentException("more than one value");
                }
                return value;
            }
        });
    }

    public static Optional<JsonObject> parseObject(String text) {
        return object(parse(text));
    }

    /** The object of bytes in UTF-8, under the rules of {@link #parse(String)}. */
    public static Optional<JsonObject> parseObject(byte[] bytes, int from, int to) {
        return parseObject(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }

    public static Optional<JsonObject> parseLeadingObject(String text) {
        return object(parsed(text, () -> read(READERS.createReader(new StringReader(text)))));
    }

    /**
     * The object at the beginning of {@code text}. Also empty if an object has two members of one name, since one would be
     * lost, and if depth or a number's exponent exceeds the parser's limits.
     */
    public static Optional<JsonObject> parseDistinctObject(String text) {
        return object(parsed(text, () -> read(DISTINCT_READERS.createReader(new StringReader(text)))));
    }

    /** The same for a text that must be the object, without anything but white space before or after it, by the rules of {@link JsonScanner}. */
    public static Optional<JsonObject> parseWholeDistinctObject(String text) {
        return ValueCount.fits(text, ValueCount.MOST) ? parseDistinctObject(text) : Optional.empty();
    }

    /** As {@link #parseWholeDistinctObject}, for a body in UTF-8 under the rules of {@link JsonScanner}. */
    public static Optional<JsonObject> parseDistinctObject(Chunks body) {
        var values = new ValueCount();
        return values.add(body) && !values.isTooHigh()
                ? object(parsed(() -> read(DISTINCT_READERS.createReader(body.stream(), StandardCharsets.UTF_8))))
                : Optional.empty();
    }

    private static JsonValue read(JsonReader reader) {
        try (reader) {
            return reader.readValue();
        }
    }

    private static Optional<JsonValue> parsed(String text, Supplier<JsonValue> parsing) {
        return ValueCount.fits(text) ? parsed(parsing) : Optional.empty();
    }

    private static Optional<JsonValue> parsed(Supplier<JsonValue> parsing) {
        try {
            return Optional.of(parsing.get());
        } catch (RuntimeException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<JsonObject> object(Optional<JsonValue> value) {
        return value.filter(JsonObject.class::isInstance).map(JsonObject.class::cast);
    }

    public static JsonObject object(JsonObject parent, String name) {
        return parent.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    public static JsonArray array(JsonObject parent, String name) {
        return parent.get(name) instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
    }

    /** The objects of an array, without its other values. */
    public static Stream<JsonObject> objects(JsonObject parent, String name) {
        return array(parent, name).stream().filter(JsonObject.class::isInstance).map(JsonValue::asJsonObject);
    }

    public static String text(JsonObject parent, String name) {
        return parent.get(name) instanceof JsonString text ? text.getString() : "";
    }

    public static Optional<String> findText(JsonObject parent, String name) {
        return parent.get(name) instanceof JsonString text ? Optional.of(text.getString()) : Optional.empty();
    }

    public static long number(JsonObject parent, String name, long otherwise) {
        return parent.get(name) instanceof JsonNumber number ? number.longValue() : otherwise;
    }

    /** The count of a member; {@code otherwise} if there is none, or if it is larger than any message could have. */
    public static long count(JsonObject parent, String name, long otherwise) {
        return parent.get(name) instanceof JsonNumber number
                        && number.isIntegral()
                        && number.doubleValue() >= 0
                        && number.doubleValue() < COUNTS_END
                ? number.longValue()
                : otherwise;
    }

    /**
     * An object after a merge patch (RFC 7396): members of the patch replace those of the object, its objects are merged, and its
     * nulls remove members.
     */
    public static JsonObject merge(JsonObject object, JsonObject patch) {
        return PROVIDER.createMergePatch(patch).apply(object).asJsonObject();
    }

    public static JsonObjectBuilder newObject() {
        return BUILDERS.createObjectBuilder();
    }

    public static JsonObjectBuilder newObject(JsonObject object) {
        return BUILDERS.createObjectBuilder(object);
    }

    public static JsonObjectBuilder typed(String type) {
        return newObject().add("type", type);
    }

    public static JsonArrayBuilder newArray() {
        return BUILDERS.createArrayBuilder();
    }

    public static JsonArrayBuilder newArray(Collection<?> items) {
        return BUILDERS.createArrayBuilder(items);
    }

    public static JsonString string(String text) {
        return PROVIDER.createValue(text);
    }

    public static JsonValue orNull(Optional<String> text) {
        return text.<JsonValue>map(JsonTree::string).orElse(JsonValue.NULL);
    }

    /** The value for people, with a line for each member and item. */
    public static String lines(JsonValue value) {
        var lines = new StringWriter();
        try (var writer = LINE_WRITERS.createWriter(lines)) {
            writer.write(value);
        }
        return lines.toString().strip();
    }

    /** The document in UTF-8. */
    public static Chunks body(JsonObject document) {
        var body = new Chunks();
        try (var writer = WRITERS.createWriter(body.appender(), StandardCharsets.UTF_8)) {
            writer.write(document);
        }
        return body;
    }
}
