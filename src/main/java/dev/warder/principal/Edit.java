package dev.warder.principal;

import dev.warder.policy.AuditItem;
import dev.warder.policy.PolicyChanges;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A change of the policy in the database. Thread-safe. */
interface Edit {
    /**
     * Applies it to a content.
     *
     * @param revision the revision that it makes
     * @throws RefusedChangeException if it does not apply
     */
    Edited apply(StoredPolicy before, long revision, Instant at) throws RefusedChangeException;

    /**
     * The rows that become different.
     *
     * @param items the entries of the audit
     * @param written the objects that must be usable after the change
     * @param result what the caller receives
     */
    record Edited(PolicyChanges changes, List<AuditItem> items, Set<PolicyName> written, Result result) {
        public Edited {
            items = List.copyOf(items);
            written = Set.copyOf(written);
        }
    }
}
