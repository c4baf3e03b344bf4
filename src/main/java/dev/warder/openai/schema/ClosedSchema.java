package dev.warder.openai.schema;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON schema in the subset that structured outputs accept. Every object is closed, and each keyword that is not
 * accepted is put into the description for the model. Thread-safe.
 */
final class ClosedSchema {
    /** The keywords whose value maps names to schemas. */
    static final Set<String> OF_SCHEMAS = Set.of("properties", "$defs", "definitions");

    private static final String REFERENCE = SchemaReferences.REFERENCE;
    private static final Set<String> WITH_REFERENCE = Set.of("title", "description", "$defs", "definitions");
    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");

    private final JsonObject schema;
    private final boolean refers;
    private final boolean chooses;
    private final JsonObjectBuilder closed = JsonTree.newObject();
    private final List<String> described = new ArrayList<>();

    private ClosedSchema(JsonObject schema) {
        this.schema = schema;
        refers = schema.get(REFERENCE) instanceof JsonString;
        chooses = isObject()
                && !schema.containsKey("properties")
                && (schema.containsKey("anyOf") || schema.containsKey("oneOf") || schema.containsKey("allOf"));
    }

    /** The same schema, closed. */
    static JsonObject of(JsonObject schema) {
        return new ClosedSchema(schema).close();
    }

    private JsonObject close() {
        schema.forEach(this::keyword);
        // A closed object next to a reference or alternatives, each of them closed, would allow none of their members.
        if (isObject() && !refers && !chooses) {
            closed.add("type", schema.getOrDefault("type", JsonTree.string("object")));
            if (!(schema.get("properties") instanceof JsonObject)) {
                closed.add("properties", JsonValue.EMPTY_JSON_OBJECT);
            }
            closed.add("additionalProperties", false);
        }
        if (!described.isEmpty()) {
            String before = JsonTree.findText(schema, "description")
                    .map(text -> text + "\n\n")
                    .orElse("");
            closed.add("description", before + "{" + String.join(", ", described) + "}");
        }
        return withReferenceAlone(closed.build());
    }

    private void keyword(String name, JsonValue value) {
        if (refers && !name.equals(REFERENCE) && !WITH_REFERENCE.contains(name)) {
            describe(name, value);
        } else if (OF_SCHEMAS.contains(name) && value instanceof JsonObject schemas) {
            closed.add(name, members(schemas));
        } else if (schemas(name, value).isPresent()) {
            closed.add(schemas(name, value).get(), nested(value));
        } else if (isSupported(name, value)) {
            closed.add(name, value);
        } else {
            describe(name, value);
        }
    }

    /** Adds a keyword to the description, unless the closed schema states the same. */
    private void describe(String name, JsonValue value) {
        boolean stated =
                name.equals("$schema") || name.equals("additionalProperties") && value == JsonValue.FALSE && isObject();
        if (!stated) {
            described.add(name + ": " + value);
        }
    }

    /** The keyword under which the schemas of {@code name} are written; empty where they are not supported. */
    private Optional<String> schemas(String name, JsonValue value) {
        boolean alone = !schema.containsKey("anyOf");
        return Optional.ofNullable(
                switch (name) {
                    case "items" -> value instanceof JsonArray ? null : name;
                    case "anyOf" -> name;
                    case "oneOf" -> alone ? "anyOf" : null;
                    // For a single schema both mean the same, and a reference is accepted in anyOf only.
                    case "allOf" ->
                        alone && !schema.containsKey("oneOf") && value instanceof JsonArray all && all.size() == 1
                                ? "anyOf"
                                : name;
                    default -> null;
                });
    }

    private boolean isSupported(String name, JsonValue value) {
        return switch (name) {
            case "type", "required" -> !chooses;
            case "title", "description", REFERENCE -> value instanceof JsonString;
            case "const" -> !(value instanceof JsonStructure);
            case "enum" -> value instanceof JsonArray list && list.stream().noneMatch(JsonStructure.class::isInstance);
            case "format" -> value instanceof JsonString format && FORMATS.contains(format.getString());
            case "minItems" -> value instanceof JsonNumber least && (is(least, 0) || is(least, 1));
            default -> false;
        };
    }

    private static boolean is(JsonNumber number, int expected) {
        return number.bigDecimalValue().signum() == Integer.signum(expected)
                && number.isIntegral()
                && number.longValue() == expected;
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

    /** The API requires a reference to be the only member: one with other members moves into an {@code anyOf} next to them. */
    private static JsonObject withReferenceAlone(JsonObject built) {
        var reference = built.get(REFERENCE);
        boolean alone = !built.containsKey("title") && !built.containsKey("description");
        if (reference == null || alone) {
            return built;
        }
        var only = JsonTree.newObject().add(REFERENCE, reference);
        return JsonTree.newObject(built)
                .remove(REFERENCE)
                .add("anyOf", JsonTree.newArray().add(only))
                .build();
    }

    private static JsonObject members(JsonObject schemas) {
        var builder = JsonTree.newObject();
        schemas.forEach((name, member) -> builder.add(name, nested(member)));
        return builder.build();
    }

    private static JsonValue nested(JsonValue value) {
        if (value instanceof JsonArray items) {
            var builder = JsonTree.newArray();
            items.forEach(item -> builder.add(nested(item)));
            return builder.build();
        }
        return value instanceof JsonObject object ? of(object) : value;
    }
}
