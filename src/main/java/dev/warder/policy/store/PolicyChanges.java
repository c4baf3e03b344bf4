package dev.warder.policy.store;

import java.util.List;

/**
 * The rows that are new or different in a revision. Immutable.
 *
 * @param revision the number of the revision that they lead to
 * @param objects those that were created or changed
 * @param removed the names of those that were removed
 * @param tokens those that were created, changed or revoked
 */
public record PolicyChanges(
        long revision, List<StoredObject> objects, List<PolicyName> removed, List<StoredToken> tokens) {
    /** Copies the lists. */
    public PolicyChanges {
        objects = List.copyOf(objects);
        removed = List.copyOf(removed);
        tokens = List.copyOf(tokens);
    }

    /** Whether no row changes. */
    public boolean isEmpty() {
        return objects.isEmpty() && removed.isEmpty() && tokens.isEmpty();
    }
}
