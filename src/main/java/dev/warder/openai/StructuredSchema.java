package dev.warder.openai;

import jakarta.json.JsonObject;

/** What a client gave as a schema to be kept to. */
final class StructuredSchema {
    private StructuredSchema() {}

    /** The schema as structured outputs take it; {@code member} of {@code owner} holds it. */
    static JsonObject closed(Members owner, String member, JsonObject schema) throws RefusedException {
        if (!SchemaReferences.areTaken(schema)) {
            throw owner.refused(member, "must have no $ref that leads outside the schema or in a circle.");
        }
        return ClosedSchema.of(schema);
    }
}
