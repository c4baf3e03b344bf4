package dev.warder.policy;

import java.util.List;

/**
 * The rows that are new or different in a revision. Immutable.
 *
 * @param head identifies the content that they lead to
 * @param objects those that were created or changed
 * @param removed the names of those that were removed
 * @param tokens those that were created, changed or revoked
 */
public record PolicyChanges(
        PolicyHead head, List<StoredObject> objects, List<PolicyName> removed, List<StoredToken> tokens) {
    public PolicyChanges {
        objects = List.copyOf(objects);
        removed = List.copyOf(removed);
        tokens = List.copyOf(tokens);
    }

    public static PolicyChanges of(
            long revision, List<StoredObject> objects, List<PolicyName> removed, List<StoredToken> tokens) {
        return new PolicyChanges(new PolicyHead(revision, 0, ""), objects, removed, tokens);
    }

    public static PolicyChanges none(StoredPolicy content) {
        return new PolicyChanges(content.head(), List.of(), List.of(), List.of());
    }

    /** The same changes after their entries of the audit were written. */
    public PolicyChanges after(AuditEntry last) {
        return new PolicyChanges(new PolicyHead(head.revision(), last.number(), last.hash()), objects, removed, tokens);
    }

    public boolean isEmpty() {
        return objects.isEmpty() && removed.isEmpty() && tokens.isEmpty();
    }

    /**
     * Identifies a content of the database. The number alone does not: a database that was restored from a backup counts
     * again from a lower number. Immutable.
     *
     * @param revision the number of changes that were made before; 0 for none
     * @param entries the number of the last entry of the audit; 0 for none
     * @param hash the hash of that entry; empty for none
     */
    public record PolicyHead(long revision, long entries, String hash) {
        public static final PolicyHead NONE = new PolicyHead(0, 0, "");
    }
}
