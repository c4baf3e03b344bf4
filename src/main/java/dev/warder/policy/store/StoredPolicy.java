package dev.warder.policy.store;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All objects and tokens of one revision. Immutable.
 *
 * @param revision the number of changes that were made before; 0 for none
 * @param objects by name
 * @param tokens by id; also those that are revoked
 */
public record StoredPolicy(
        long revision, SortedMap<PolicyName, StoredObject> objects, Map<String, StoredToken> tokens) {
    /** Nothing was decided yet. */
    public static final StoredPolicy EMPTY = new StoredPolicy(0, new TreeMap<>(), Map.of());

    /** Copies the maps. */
    public StoredPolicy {
        objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
        tokens = Map.copyOf(tokens);
    }

    /** What this revision becomes by changes. */
    public StoredPolicy with(PolicyChanges changes) {
        var newObjects = new TreeMap<>(objects);
        changes.removed().forEach(newObjects::remove);
        changes.objects().forEach(each -> newObjects.put(each.name(), each));
        var newTokens = new HashMap<>(tokens);
        changes.tokens().forEach(each -> newTokens.put(each.id(), each));
        return new StoredPolicy(changes.revision(), newObjects, newTokens);
    }

    /** The revision and the numbers of rows. */
    @Override
    public String toString() {
        return "StoredPolicy[revision " + revision + ", " + objects.size() + " objects, " + tokens.size() + " tokens]";
    }
}
