package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A client's schema in the form that structured outputs and strict tools accept. Thread-safe. */
public final class StructuredSchema {
    public static final String REQUIREMENT = "must give each object its properties only (no map, no properties next to"
            + " allOf, anyOf, oneOf or $ref, none required that is not there) and have no $ref that leads outside the"
            + " schema or in a circle.";

    public static final String OF_TOOL =
            "must be an object's for this model, without allOf, anyOf or oneOf at its top and"
                    + " without a $ref that leads outside the schema.";

    private static final String OBJECT = "object";

    private StructuredSchema() {}

    /**
     * The closed schema; empty where {@code schema} does not fulfil the {@link #REQUIREMENT}.
     *
     * @param strict whether an object without properties has no members, instead of any
     */
    public static Optional<JsonObject> closed(JsonObject schema, boolean strict) {
        return unfolded(schema)
                .flatMap(whole -> ClosedSchema.of(whole, strict))
                .filter(whole -> SchemaReferences.areSupported(whole, false));
    }

    public static Optional<JsonObject> ofTool(JsonObject schema) {
        return unfolded(schema)
                .filter(whole -> JsonTree.findText(whole, "type").orElse(OBJECT).equals(OBJECT))
                .filter(whole -> ClosedSchema.ALTERNATIVES.stream().noneMatch(whole::containsKey))
                .filter(whole -> SchemaReferences.areSupported(whole, true))
                .map(whole -> JsonTree.newObject(whole).add("type", OBJECT).build());
    }

    /** A schema that is a reference, replaced by the schema that it leads to: the API requires a type at the top. */
    private static Optional<JsonObject> unfolded(JsonObject schema) {
        Set<String> seen = new HashSet<>();
        var chain = new ArrayDeque<JsonObject>();
        var at = schema;
        while (at.get(SchemaReferences.REFERENCE) instanceof JsonString reference) {
            var target = SchemaReferences.find(schema, reference.getString());
            if (target.isEmpty() || !seen.add(reference.getString()) || ClosedSchema.hasSeveralShapes(at)) {
                return Optional.empty();
            }
            at = target.get();
            chain.push(at);
        }
        if (chain.isEmpty()) {
            return Optional.of(schema);
        }
        var whole = JsonTree.newObject(schema);
        chain.forEach(found -> found.forEach(whole::add));
        schema.forEach(whole::add);
        return Optional.of(whole.remove(SchemaReferences.REFERENCE).build());
    }
}
