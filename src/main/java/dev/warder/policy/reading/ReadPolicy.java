package dev.warder.policy.reading;

import dev.warder.policy.Policy;
import dev.warder.policy.store.PolicyName;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A policy that was read from {@code policy.file} and the database. Immutable.
 *
 * @param unusable the objects of the database that are no part of it, with the reason
 */
record ReadPolicy(Policy policy, SortedMap<PolicyName, String> unusable) {
    ReadPolicy {
        unusable = Collections.unmodifiableSortedMap(new TreeMap<>(unusable));
    }

    /** The objects that are unusable here and not in an earlier reading. */
    SortedMap<PolicyName, String> unusableSince(Map<PolicyName, String> before) {
        var added = new TreeMap<>(unusable);
        added.keySet().removeAll(before.keySet());
        return added;
    }
}
