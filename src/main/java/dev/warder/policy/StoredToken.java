package dev.warder.policy;

import java.time.Instant;
import java.util.Optional;

/**
 * An access token in the database, without its secret. Immutable.
 *
 * @param id its public id
 * @param name unique among the tokens that are not revoked
 * @param client the name of the client that it belongs to
 * @param sha256 its hash, 64 lower-case hexadecimal digits
 * @param document the JSON object of its terms: expiry, rights, and what it is limited to
 * @param revision the revision of the policy in which it was changed last
 * @param revokedAt since when it is not accepted; empty while it is
 */
public record StoredToken(
        String id,
        String name,
        String client,
        String sha256,
        String document,
        long revision,
        Instant createdAt,
        Instant changedAt,
        Optional<Instant> revokedAt) {
    public static StoredToken created(
            String id, String name, String client, String sha256, String document, long revision, Instant at) {
        return new StoredToken(id, name, client, sha256, document, revision, at, at, Optional.empty());
    }

    public StoredToken with(String newDocument, long newRevision, Instant at) {
        return new StoredToken(id, name, client, sha256, newDocument, newRevision, createdAt, at, revokedAt);
    }

    public StoredToken revoked(long newRevision, Instant at) {
        return new StoredToken(id, name, client, sha256, document, newRevision, createdAt, at, Optional.of(at));
    }

    @Override
    public String toString() {
        return "StoredToken[" + id + "]";
    }
}
