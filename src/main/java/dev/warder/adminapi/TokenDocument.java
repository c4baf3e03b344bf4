package dev.warder.adminapi;

import dev.warder.json.JsonTree;
import dev.warder.policy.StoredPolicy;
import jakarta.json.JsonObject;
import jakarta.json.bind.annotation.JsonbProperty;
import java.time.Instant;
import java.util.Optional;

/**
 * A token, as administrators see it: without its secret and its hash. Immutable.
 *
 * @param revokedAt empty if it is not revoked
 * @param terms what it may be used for, with members unknown to this version
 */
public record TokenDocument(
        String type,
        String id,
        String name,
        String client,
        long revision,
        @JsonbProperty("created_at") Instant createdAt,
        @JsonbProperty("changed_at") Instant changedAt,
        @JsonbProperty(value = "revoked_at", nillable = true) Optional<Instant> revokedAt,
        JsonObject terms) {
    static TokenDocument of(StoredPolicy.StoredToken stored) {
        return new TokenDocument(
                "token",
                stored.id(),
                stored.name(),
                stored.client(),
                stored.revision(),
                stored.createdAt(),
                stored.changedAt(),
                stored.revokedAt(),
                stored.terms());
    }

    /** A token in the audit: not its hash, which would permit to test guesses of a token that an operator chose. */
    static String audited(StoredPolicy.StoredToken token) {
        return JsonTree.newObject()
                .add("name", token.name())
                .add("client", token.client())
                .add("terms", token.terms())
                .build()
                .toString();
    }
}
