package dev.warder.openai.schema;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A client's schema in the form that structured outputs and strict tools accept. Thread-safe. */
public final class StructuredSchema {
    /** What a schema must fulfil, as a phrase that follows the name of its member. */
    public static final String REQUIREMENT = "must have no $ref that leads outside the schema or in a circle.";

    private StructuredSchema() {}

    /** The closed schema; empty where {@code schema} does not fulfil the {@link #REQUIREMENT}. */
    public static Optional<JsonObject> closed(JsonObject schema) {
        return unfolded(schema).map(ClosedSchema::of).filter(SchemaReferences::areSupported);
    }

    /** A schema that is a reference, replaced by the schema that it leads to: the API requires a type at the top. */
    private static Optional<JsonObject> unfolded(JsonObject schema) {
        Set<String> seen = new HashSet<>();
        var chain = new ArrayDeque<JsonObject>();
        var at = schema;
        while (at.get(SchemaReferences.REFERENCE) instanceof JsonString reference) {
            var target = SchemaReferences.find(schema, reference.getString());
            if (target.isEmpty() || !seen.add(reference.getString())) {
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
