package dev.warder.openai;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/** What a client gave as a schema to be kept to. */
final class StructuredSchema {
    private StructuredSchema() {}

    /** The schema as structured outputs take it; {@code member} of {@code owner} holds it. */
    static JsonObject closed(Members owner, String member, JsonObject schema) throws RefusedException {
        var closed = ClosedSchema.of(unfolded(owner, member, schema));
        if (!SchemaReferences.areTaken(closed)) {
            throw refused(owner, member);
        }
        return closed;
    }

    /** A schema that is a reference, with what the reference leads to in its place: the API wants a type at the top. */
    private static JsonObject unfolded(Members owner, String member, JsonObject schema) throws RefusedException {
        Set<String> seen = new HashSet<>();
        var chain = new ArrayDeque<JsonObject>();
        var at = schema;
        while (at.get(SchemaReferences.REFERENCE) instanceof JsonString reference) {
            at = SchemaReferences.find(schema, reference.getString()).orElseThrow(() -> refused(owner, member));
            if (!seen.add(reference.getString())) {
                throw refused(owner, member);
            }
            chain.push(at);
        }
        if (chain.isEmpty()) {
            return schema;
        }
        var whole = JsonTree.newObject(schema);
        chain.forEach(target -> target.forEach(whole::add));
        schema.forEach(whole::add);
        return whole.remove(SchemaReferences.REFERENCE).build();
    }

    private static RefusedException refused(Members owner, String member) {
        return owner.refused(member, "must have no $ref that leads outside the schema or in a circle.");
    }
}
