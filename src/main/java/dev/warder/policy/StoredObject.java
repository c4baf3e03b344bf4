package dev.warder.policy;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;

/**
 * An object of the policy in the database. Immutable.
 *
 * @param document the JSON object that it would be in {@code policy.file}, its name included
 * @param revision the revision of the policy in which it was changed last
 */
public record StoredObject(PolicyName name, String document, long revision, Instant createdAt, Instant changedAt) {
    /** The object, with members unknown to this version; empty if it cannot be read. */
    public JsonObject definition() {
        return JsonTree.parseObject(document).orElse(JsonValue.EMPTY_JSON_OBJECT);
    }

    @Override
    public String toString() {
        return "StoredObject[" + name + ", revision " + revision + "]";
    }
}
