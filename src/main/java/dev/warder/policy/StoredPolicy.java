package dev.warder.policy;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.mapper.Nested;

/**
 * All objects and tokens of one revision. Immutable.
 *
 * @param head identifies it
 * @param objects by name
 * @param tokens by id; also those that are revoked
 */
public record StoredPolicy(Head head, SortedMap<PolicyName, StoredObject> objects, Map<String, StoredToken> tokens) {
    public static final StoredPolicy EMPTY = new StoredPolicy(Head.NONE, new TreeMap<>(), Map.of());

    public StoredPolicy {
        objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
        tokens = Map.copyOf(tokens);
    }

    /** The number of changes that were made before; 0 for none. */
    public long revision() {
        return head.revision();
    }

    public Optional<StoredObject> find(PolicyName name) {
        return Optional.ofNullable(objects.get(name));
    }

    public Optional<StoredToken> token(String id) {
        return Optional.ofNullable(tokens.get(id));
    }

    public StoredPolicy with(Changes changes) {
        var newObjects = new TreeMap<>(objects);
        changes.removed().forEach(newObjects::remove);
        changes.objects().forEach(each -> newObjects.put(each.name(), each));
        var newTokens = new HashMap<>(tokens);
        changes.tokens().forEach(each -> newTokens.put(each.id(), each));
        return new StoredPolicy(changes.head(), newObjects, newTokens);
    }

    @Override
    public String toString() {
        return "StoredPolicy[revision " + revision() + ", " + objects.size() + " objects, " + tokens.size()
                + " tokens]";
    }

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

    /**
     * The rows that are new or different in a revision. Immutable.
     *
     * @param head identifies the content that they lead to
     * @param objects those that were created or changed
     * @param removed the names of those that were removed
     * @param tokens those that were created, changed or revoked
     */
    public record Changes(Head head, List<StoredObject> objects, List<PolicyName> removed, List<StoredToken> tokens) {
        public Changes {
            objects = List.copyOf(objects);
            removed = List.copyOf(removed);
            tokens = List.copyOf(tokens);
        }

        public static Changes of(
                long revision, List<StoredObject> objects, List<PolicyName> removed, List<StoredToken> tokens) {
            return new Changes(new Head(revision, 0, ""), objects, removed, tokens);
        }

        public static Changes none(StoredPolicy content) {
            return new Changes(content.head(), List.of(), List.of(), List.of());
        }

        /** The same changes after their entries of the audit were written. */
        public Changes after(AuditEntry last) {
            return new Changes(new Head(head.revision(), last.number(), last.hash()), objects, removed, tokens);
        }

        public boolean isEmpty() {
            return objects.isEmpty() && removed.isEmpty() && tokens.isEmpty();
        }
    }

    /**
     * Identifies a content of the database. The number alone does not: a database that was restored from a backup counts
     * again from a lower number. Immutable.
     *
     * @param revision the number of changes that were made before; 0 for none
     * @param entries the number of the last entry of the audit; 0 for none
     * @param hash the hash of that entry; empty for none
     */
    public record Head(long revision, long entries, String hash) {
        public static final Head NONE = new Head(0, 0, "");
    }
}
