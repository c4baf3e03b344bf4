package dev.warder.policy;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.mapper.Nested;

/**
 * An access token in the database, without its secret. Immutable.
 *
 * @param document the JSON object of its terms: expiry, rights, and what it is limited to
 * @param revision the revision of the policy in which it was changed last
 * @param revokedAt since when it is not accepted; empty while it is
 */
public record StoredToken(
        @Nested Identity identity,
        String document,
        long revision,
        Instant createdAt,
        Instant changedAt,
        Optional<Instant> revokedAt) {
    /**
     * The parts of a token that never change.
     *
     * @param id its public id
     * @param name unique among the tokens that are not revoked
     * @param client the name of the client that it belongs to
     * @param sha256 its hash, 64 lower-case hexadecimal digits
     */
    public record Identity(String id, String name, String client, String sha256) {
        /** Without the hash, which would permit to test guesses of a token. */
        @Override
        public String toString() {
            return "Identity[" + id + "]";
        }
    }

    public static StoredToken created(Identity identity, String document, long revision, Instant at) {
        return new StoredToken(identity, document, revision, at, at, Optional.empty());
    }

    public StoredToken with(String newDocument, long newRevision, Instant at) {
        return new StoredToken(identity, newDocument, newRevision, createdAt, at, revokedAt);
    }

    public StoredToken revoked(long newRevision, Instant at) {
        return new StoredToken(identity, document, newRevision, createdAt, at, Optional.of(at));
    }

    public String id() {
        return identity.id();
    }

    public String name() {
        return identity.name();
    }

    public String client() {
        return identity.client();
    }

    public String sha256() {
        return identity.sha256();
    }

    public boolean isValid() {
        return revokedAt.isEmpty();
    }

    /** Its terms, with members unknown to this version; empty if they cannot be read. */
    public JsonObject terms() {
        return JsonTree.parseObject(document).orElse(JsonValue.EMPTY_JSON_OBJECT);
    }

    @Override
    public String toString() {
        return "StoredToken[" + id() + "]";
    }
}
