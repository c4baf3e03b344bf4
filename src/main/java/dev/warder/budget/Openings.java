package dev.warder.budget;

import dev.warder.budget.account.ChargedBudget;
import dev.warder.budget.lease.Opening;
import dev.warder.policy.Budget;
import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Which rows of the ledger a budget begins with that is new in the middle of its period. A budget of a session begins with
 * nothing, because ids of sessions are the clients' choice and have no index.
 *
 * @param policy gives the policy in use
 */
record Openings(Supplier<Policy> policy) {
    Opening of(ChargedBudget charged) {
        Budget budget = charged.budget();
        return switch (budget.scope()) {
            case ORGANIZATION -> Opening.ALL;
            case CLIENT -> Opening.ofClients(Set.of(budget.name()));
            case TEAM ->
                ofClients(each -> each.membership()
                        .payer()
                        .filter(team -> team.name().equals(budget.name()))
                        .isPresent());
            case TAG -> ofClients(each -> each.tags().contains(budget.name()));
            case MODEL -> Opening.ofModels(model -> policy.get().chargesModel(budget, model));
            case SESSION -> Opening.NONE;
        };
    }

    private Opening ofClients(Predicate<Principal> included) {
        return Opening.ofClients(policy.get().principals().stream()
                .filter(included)
                .map(Principal::name)
                .collect(Collectors.toSet()));
    }
}
