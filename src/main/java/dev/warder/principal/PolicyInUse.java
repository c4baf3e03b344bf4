package dev.warder.principal;

import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import dev.warder.policy.reading.DefaultBudget;
import dev.warder.policy.reading.LivePolicy;
import dev.warder.policy.store.PolicyName;
import dev.warder.policy.store.StoredPolicy;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the nodes make of the database's policy together with {@code policy.file}. Thread-safe.
 *
 * @param live the policy in use, if what the database has is a part of it; otherwise administrators only prepare it
 * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
 */
record PolicyInUse(Optional<LivePolicy> live, Optional<DefaultBudget> byDefault) {
    SortedMap<PolicyName, String> fileObjects() {
        return live.map(LivePolicy::fileObjects).orElseGet(TreeMap::new);
    }

    boolean isInFile(PolicyName name) {
        return live.map(policy -> policy.fileObjects().containsKey(name)).orElse(false);
    }

    /** What the database has is read in the transaction, and only the file's clients are known without it. */
    boolean isClientOfFile(String name) {
        return live.flatMap(policy -> policy.current().entryOfClient(name, List.of()))
                .filter(entry -> entry.principal().ofFile())
                .isPresent();
    }

    /** The client of the file that has a token of {@code clients.file}. */
    Optional<String> ownerInFile(String tokenName) {
        return live.flatMap(policy -> policy.current().principal(tokenName))
                .filter(Principal::ofFile)
                .map(Principal::name);
    }

    /** The objects of the database that cannot be used now, with the reason. */
    SortedMap<PolicyName, String> unusable(StoredPolicy newest) {
        return live.map(LivePolicy::unusable).orElseGet(() -> unusableWithoutFile(newest));
    }

    /** The objects of this content that could not be used, with the reason. */
    SortedMap<PolicyName, String> unusableIn(StoredPolicy content) {
        return live.map(policy -> policy.unusableIn(content)).orElseGet(() -> unusableWithoutFile(content));
    }

    /** The policy that this content would make. */
    Policy policyIn(StoredPolicy content) {
        return live.orElseGet(this::withoutFile).policyIn(content);
    }

    /**
     * An import must be usable without the files. Together with a file that is still in use, only what the file has too may be
     * unusable.
     */
    SortedMap<PolicyName, String> unusableIfTakenOver(StoredPolicy content) {
        var unusable = unusableWithoutFile(content);
        live.ifPresent(policy -> policy.unusableIn(content).forEach((name, problem) -> {
            if (!LivePolicy.isClash(problem)) {
                unusable.putIfAbsent(name, problem);
            }
        }));
        return unusable;
    }

    private SortedMap<PolicyName, String> unusableWithoutFile(StoredPolicy content) {
        return new TreeMap<>(withoutFile().unusableIn(content));
    }

    private LivePolicy withoutFile() {
        return new LivePolicy(byDefault, LivePolicy.Sources.DATABASE);
    }
}
