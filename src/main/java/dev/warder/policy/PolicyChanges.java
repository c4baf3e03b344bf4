package dev.warder.policy;

import dev.warder.policy.PolicyStore.PolicyHead;
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

    /**
     * The same changes after their entries of the audit were written.
     *
     * @param entries the number of the last entry
     * @param hash the hash of that entry
     */
    public PolicyChanges with(long entries, String hash) {
        return new PolicyChanges(new PolicyHead(head.revision(), entries, hash), objects, removed, tokens);
    }

    public boolean isEmpty() {
        return objects.isEmpty() && removed.isEmpty() && tokens.isEmpty();
    }
}
