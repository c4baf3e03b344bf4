package dev.warder.policy;

import java.time.Instant;

/**
 * An object of the policy in the database. Immutable.
 *
 * @param document the JSON object that it would be in {@code policy.file}, its name included
 * @param revision the revision of the policy in which it was changed last
 */
public record StoredObject(PolicyName name, String document, long revision, Instant createdAt, Instant changedAt) {
    @Override
    public String toString() {
        return "StoredObject[" + name + ", revision " + revision + "]";
    }
}
