package dev.warder.policy;

import dev.warder.policy.PolicyChanges.PolicyHead;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All objects and tokens of one revision. Immutable.
 *
 * @param head identifies it
 * @param objects by name
 * @param tokens by id; also those that are revoked
 */
public record StoredPolicy(
        PolicyHead head, SortedMap<PolicyName, StoredObject> objects, Map<String, StoredToken> tokens) {
    public static final StoredPolicy EMPTY = new StoredPolicy(PolicyHead.NONE, new TreeMap<>(), Map.of());

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

    public StoredPolicy with(PolicyChanges changes) {
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
}
