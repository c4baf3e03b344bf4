package dev.warder.budget;

import dev.warder.budget.account.ChargedBudget;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Policy;
import dev.warder.policy.PolicyEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a request is charged to by a policy that is newer than its admission.
 *
 * @param policy gives the policy in use
 * @param entry of the admission
 * @param model the model that is asked upstream
 */
record AddedBudgets(Supplier<Policy> policy, PolicyEntry entry, Optional<String> model, Instant admitted) {
    /** The budgets by the policy in use; none while that is the one of the admission. Those of sessions begin with nothing. */
    List<ChargedBudget> now() {
        var current = policy.get();
        if (current.version() == entry.version()) {
            return List.of();
        }
        return current.principals().stream()
                .filter(each -> each.name().equals(entry.principal().name()))
                .flatMap(client -> current.budgets(client, model, entry.tags(), Optional.empty()).stream())
                .filter(each -> each.scope() != BudgetScope.SESSION)
                .map(each -> new ChargedBudget(each, each.terms().windowAt(admitted), current.version()))
                .toList();
    }
}
