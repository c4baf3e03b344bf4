package dev.warder.openai;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A JSON schema in the part of the language that structured outputs take: every object closed, and each keyword that is
 * not taken told to the model in the description. Thread-safe.
 */
final class ClosedSchema {
    private static final Set<String> PLAIN = Set.of("type", "const", "title", "description", "required", "$ref");
    private static final Set<String> OF_SCHEMAS = Set.of("properties", "$defs", "definitions");
    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");

    private final JsonObject schema;
    private final JsonObjectBuilder closed = Tree.object();
    private final List<String> told = new ArrayList<>();

    private ClosedSchema(JsonObject schema) {
        this.schema = schema;
    }

    /** The same schema, closed. Its references must be {@linkplain SchemaReferences#areTaken taken}. */
    static JsonObject of(JsonObject schema) {
        return new ClosedSchema(schema).close();
    }

    private JsonObject close() {
        schema.forEach(this::keyword);
        if (isObject()) {
            closed.add("type", schema.getOrDefault("type", Tree.string("object")));
            closed.add("properties", members(schema.getOrDefault("properties", JsonValue.EMPTY_JSON_OBJECT)));
            closed.add("additionalProperties", false);
        }
        if (!told.isEmpty()) {
            String before =
                    Tree.text(schema, "description").map(text -> text + "\n\n").orElse("");
            closed.add("description", before + "{" + String.join(", ", told) + "}");
        }
        return apart(closed.build());
    }

    private void keyword(String name, JsonValue value) {
        if (OF_SCHEMAS.contains(name)) {
            closed.add(name, members(value));
        } else if (name.equals("items") || name.equals("anyOf") || name.equals("allOf")) {
            closed.add(name, nested(value));
        } else if (name.equals("oneOf") && !schema.containsKey("anyOf")) {
            closed.add("anyOf", nested(value));
        } else if (isTaken(name, value)) {
            closed.add(name, value);
        } else if (!name.equals("$schema") && !isClosing(name, value)) {
            told.add(name + ": " + value);
        }
    }

    private boolean isTaken(String name, JsonValue value) {
        return switch (name) {
            case "enum" -> value instanceof JsonArray list && list.stream().noneMatch(JsonStructure.class::isInstance);
            case "format" -> value instanceof JsonString format && FORMATS.contains(format.getString());
            case "minItems" -> value instanceof JsonNumber least && (is(least, 0) || is(least, 1));
            default -> PLAIN.contains(name);
        };
    }

    private static boolean is(JsonNumber number, int expected) {
        return number.bigDecimalValue().signum() == Integer.signum(expected)
                && number.isIntegral()
                && number.longValue() == expected;
    }

    private boolean isClosing(String name, JsonValue value) {
        return name.equals("additionalProperties") && value == JsonValue.FALSE && isObject();
    }

    private boolean isObject() {
        var type = schema.get("type");
        return type == null
                ? schema.containsKey("properties")
                : isObject(type)
                        || type instanceof JsonArray types && types.stream().anyMatch(ClosedSchema::isObject);
    }

    private static boolean isObject(JsonValue type) {
        return type instanceof JsonString word && word.getString().equals("object");
    }

    /** A reference stands alone in the API's language: what stood beside it is said around it. */
    private static JsonObject apart(JsonObject built) {
        var reference = built.get("$ref");
        boolean alone = built.keySet().stream()
                .allMatch(name -> name.equals("$ref") || name.equals("$defs") || name.equals("definitions"));
        if (reference == null || alone) {
            return built;
        }
        var only = Tree.object().add("$ref", reference);
        return Tree.object(built)
                .remove("$ref")
                .add("anyOf", Tree.array().add(only))
                .build();
    }

    private static JsonValue members(JsonValue value) {
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        var builder = Tree.object();
        object.forEach((name, member) -> builder.add(name, nested(member)));
        return builder.build();
    }

    private static JsonValue nested(JsonValue value) {
        if (value instanceof JsonArray items) {
            var builder = Tree.array();
            items.forEach(item -> builder.add(nested(item)));
            return builder.build();
        }
        return value instanceof JsonObject object ? of(object) : value;
    }
}
