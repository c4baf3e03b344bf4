package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON schema in the subset that structured outputs accept. Every object is closed, and each keyword that is not
 * accepted is put into the description for the model. One thread at a time.
 */
final class ClosedSchema {
    static final Set<String> OF_SCHEMAS = Set.of("properties", "$defs", "definitions");
    static final Set<String> ALTERNATIVES = Set.of("allOf", "anyOf", "oneOf");

    private static final String REFERENCE = SchemaReferences.REFERENCE;
    private static final Set<BigDecimal> MIN_ITEMS = Set.of(BigDecimal.ZERO, BigDecimal.ONE);
    private static final Set<String> WITH_REFERENCE = Set.of("title", "description", "$defs", "definitions");
    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");

    /** Keywords that allow an object members besides its properties, unless they are false. */
    private static final Set<String> OPENING =
            Set.of("additionalProperties", "patternProperties", "unevaluatedProperties");

    /** Keywords that describe an object. Next to each other, one that is closed excludes the members of the other. */
    private static final Set<String> SHAPES =
            Set.of("properties", REFERENCE, "allOf", "anyOf", "oneOf", "if", "dependentSchemas", "dependencies");

    private final JsonObject schema;
    private final boolean strict;
    private final boolean refers;
    private final boolean chooses;
    private final JsonObjectBuilder closed = JsonTree.newObject();
    private final List<String> described = new ArrayList<>();
    private boolean narrows;

    private ClosedSchema(JsonObject schema, boolean strict) {
        this.schema = schema;
        this.strict = strict;
        refers = schema.get(REFERENCE) instanceof JsonString;
        chooses = isObject()
                && !schema.containsKey("properties")
                && ALTERNATIVES.stream().anyMatch(schema::containsKey);
    }

    /**
     * The same schema, closed; empty where an object would lose members that the schema names or allows.
     *
     * @param strict whether an object without properties has no members, instead of any
     */
    static Optional<JsonObject> of(JsonObject schema, boolean strict) {
        var whole = new ClosedSchema(SchemaReferences.withoutUnused(schema), strict);
        var closed = whole.close();
        return whole.narrows ? Optional.empty() : Optional.of(closed);
    }

    static boolean hasSeveralShapes(JsonObject schema) {
        return SHAPES.stream().filter(schema::containsKey).count() > 1;
    }

    private JsonObject close() {
        narrows = isOpen();
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

    private boolean isOpen() {
        var properties = JsonTree.object(schema, "properties");
        boolean free = isObject()
                && properties.isEmpty()
                && !refers
                && !chooses
                && schema.get("additionalProperties") != JsonValue.FALSE;
        return free && !strict
                || OPENING.stream()
                        .filter(name -> !isEmptyMap(name, schema.get(name)))
                        .anyMatch(name -> schema.getOrDefault(name, JsonValue.FALSE) != JsonValue.FALSE)
                || hasSeveralShapes(schema)
                || JsonTree.array(schema, "allOf").size() > 1
                || JsonTree.array(schema, "required").stream()
                        .anyMatch(name -> name instanceof JsonString text && !properties.containsKey(text.getString()));
    }

    private static boolean isEmptyMap(String name, @Nullable JsonValue value) {
        return name.equals("patternProperties") && JsonValue.EMPTY_JSON_OBJECT.equals(value);
    }

    private void keyword(String name, JsonValue value) {
        if (refers && !name.equals(REFERENCE) && !WITH_REFERENCE.contains(name)) {
            describe(name, value);
        } else if (OF_SCHEMAS.contains(name) && value instanceof JsonObject schemas) {
            closed.add(name, members(schemas));
        } else if (ALTERNATIVES.contains(name)) {
            // For a single schema allOf means the same, and a reference is accepted in anyOf only.
            closed.add("anyOf", nested(value));
        } else if (name.equals("items") && !(value instanceof JsonArray)) {
            closed.add(name, nested(value));
        } else if (isSupported(name, value)) {
            closed.add(name, value);
        } else {
            describe(name, value);
        }
    }

    /** Adds a keyword to the description, unless the closed schema states the same. */
    private void describe(String name, JsonValue value) {
        boolean stated = name.equals("$schema")
                || isEmptyMap(name, value)
                || name.equals("additionalProperties") && value == JsonValue.FALSE && isObject();
        if (!stated) {
            described.add(name + ": " + value);
        }
    }

    private boolean isSupported(String name, JsonValue value) {
        return switch (name) {
            case "type", "required" -> !chooses;
            case "title", "description", REFERENCE -> value instanceof JsonString;
            case "const" -> !(value instanceof JsonStructure);
            case "enum" -> value instanceof JsonArray list && list.stream().noneMatch(JsonStructure.class::isInstance);
            case "format" -> value instanceof JsonString format && FORMATS.contains(format.getString());
            case "minItems" -> value instanceof JsonNumber least && MIN_ITEMS.contains(least.bigDecimalValue());
            default -> false;
        };
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

    private JsonObject members(JsonObject schemas) {
        var builder = JsonTree.newObject();
        schemas.forEach((name, member) -> builder.add(name, nested(member)));
        return builder.build();
    }

    private JsonValue nested(JsonValue value) {
        if (value instanceof JsonArray items) {
            var builder = JsonTree.newArray();
            items.forEach(item -> builder.add(nested(item)));
            return builder.build();
        }
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        var inner = new ClosedSchema(object, strict);
        var found = inner.close();
        narrows |= inner.narrows;
        return found;
    }
}
