package dev.warder.principal;

import dev.warder.policy.DefaultBudget;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The state of the database's policy on the nodes. Thread-safe.
 *
 * @param live the policy in use, if it is that of the database; otherwise administrators only prepare it
 * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
 */
record PolicyInUse(Optional<LivePolicy> live, Optional<DefaultBudget> byDefault) {
    SortedMap<PolicyName, String> unusable(StoredPolicy newest) {
        return live.map(LivePolicy::unusable).orElseGet(() -> unusableIn(newest));
    }

    SortedMap<PolicyName, String> unusableIn(StoredPolicy content) {
        return read(content).unusable();
    }

    Policy policyIn(StoredPolicy content) {
        return read(content).policy();
    }

    private LivePolicy.Read read(StoredPolicy content) {
        return live.orElseGet(() -> LivePolicy.ofDatabase(byDefault)).read(content);
    }
}
