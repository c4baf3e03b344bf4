package dev.warder.adminapi;

import dev.warder.policy.StoredPolicy;
import jakarta.json.JsonObject;
import jakarta.json.bind.annotation.JsonbProperty;
import java.time.Instant;
import java.util.Optional;

/**
 * An object of the policy, as administrators see it. Immutable.
 *
 * @param type the word of its kind
 * @param source always {@code database}
 * @param problem why nodes do not use it; empty if they do
 * @param definition as it was written, with members unknown to this version
 */
public record ObjectDocument(
        String type,
        String name,
        String source,
        long revision,
        @JsonbProperty("created_at") Instant createdAt,
        @JsonbProperty("changed_at") Instant changedAt,
        @JsonbProperty(nillable = true) Optional<String> problem,
        JsonObject definition) {
    static ObjectDocument of(StoredPolicy.StoredObject object, Optional<String> problem) {
        return new ObjectDocument(
                object.name().kind().word(),
                object.name().name(),
                "database",
                object.revision(),
                object.createdAt(),
                object.changedAt(),
                problem,
                object.definition());
    }
}
