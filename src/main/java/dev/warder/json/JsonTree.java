package dev.warder.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Reads documents of others: a member that is missing, null or of another kind is the same as none. Thread-safe. */
public final class JsonTree {
    private static final JsonProvider JSON = JsonProvider.provider();

    /** Held, because the specification's shortcut looks for its provider in the class path each time. */
    public static final JsonBuilderFactory BUILDERS = JSON.createBuilderFactory(Map.of());

    private static final JsonParserFactory PARSERS = JSON.createParserFactory(Map.of());

    /** As many as a sum of some of them surely has room for. */
    private static final int COUNT_DIGITS = 15;

    private JsonTree() {}

    /** The object that the bytes hold; empty when they hold anything else. */
    public static Optional<JsonObject> object(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        try (var parser = PARSERS.createParser(new StringReader(text))) {
            parser.next();
            JsonObject object = parser.getObject();
            return parser.hasNext() ? Optional.empty() : Optional.of(object);
        } catch (RuntimeException noObject) {
            // JSON-P says which exceptions are for what is no JSON; Parsson throws a bare one for what is too deep.
            return Optional.empty();
        }
    }

    /** The object of a member; empty without one. */
    public static JsonObject object(JsonObject parent, String name) {
        return parent.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** The array of a member; empty without one. */
    public static JsonArray array(JsonObject parent, String name) {
        return parent.get(name) instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
    }

    /** The text of a member; empty without one. */
    public static String text(JsonObject parent, String name) {
        return parent.get(name) instanceof JsonString text ? text.getString() : "";
    }

    /** The number of a member; {@code otherwise} without one. */
    public static long number(JsonObject parent, String name, long otherwise) {
        return parent.get(name) instanceof JsonNumber number ? number.longValue() : otherwise;
    }

    /** A number of things; {@code otherwise} where none is told, or one that no message could have. */
    public static long count(JsonObject parent, String name, long otherwise) {
        if (parent.get(name) instanceof JsonNumber number) {
            BigDecimal count = number.bigDecimalValue();
            boolean readable = count.signum() >= 0 && count.scale() == 0 && count.precision() <= COUNT_DIGITS;
            return readable ? count.longValue() : otherwise;
        }
        return otherwise;
    }

    /** The value of a text. */
    public static JsonString value(String text) {
        return JSON.createValue(text);
    }

    /** A text as the bytes of a string literal with its quotes. */
    public static byte[] literal(String text) {
        return utf8(JsonText.quote(text));
    }

    /** The bytes of JSON text. Half a surrogate pair, which has no form in UTF-8, becomes an escape. */
    public static byte[] utf8(String json) {
        StringBuilder escaped = new StringBuilder();
        int start = 0;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < json.length() && Character.isLowSurrogate(json.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                escaped.append(json, start, i).append(String.format("\\u%04x", (int) c));
                start = i + 1;
            }
        }
        String whole =
                start == 0 ? json : escaped.append(json, start, json.length()).toString();
        return whole.getBytes(StandardCharsets.UTF_8);
    }
}
