package dev.warder.quota;

import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.policy.Budget;
import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import dev.warder.quota.Budgets.OpenRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The meaning of the policy in use for budgets that requests are charged to, perhaps under an older one. Thread-safe.
 *
 * @param current gives the policy in use
 */
record BudgetPolicy(Supplier<Policy> current) {
    /**
     * The terms in a policy of budgets that were charged under an older one: the same budget in the same window. One that is not
     * in the policy any more limits nothing.
     */
    static UnaryOperator<ChargedBudget> termsOf(Policy policy) {
        var byKey = policy.budgetsByKey();
        return charged -> {
            if (policy.version() <= charged.policyVersion()) {
                return charged;
            }
            var old = charged.budget();
            var terms = charged.isOfSession()
                    ? policy.sessions().stream()
                            .filter(each -> each.period() == old.terms().period())
                            .findFirst()
                    : Optional.ofNullable(byKey.get(old.key())).map(Budget::terms);
            var current = terms.orElseGet(() -> withoutLimit(old.terms()));
            return new ChargedBudget(new Budget(old.scope(), old.name(), current), charged.window(), policy.version());
        };
    }

    private static Budget.Terms withoutLimit(Budget.Terms terms) {
        return new Budget.Terms(terms.nanos(), terms.period(), terms.zone(), Budget.Mode.SHADOW, terms.onExhausted());
    }

    /**
     * The budgets of a request by a policy that is newer than its admission; none while that is in use. Those of sessions begin
     * with nothing.
     */
    List<ChargedBudget> added(OpenRequest request) {
        var entry = request.entry();
        var policy = current.get();
        if (policy.version() == entry.version()) {
            return List.of();
        }
        return policy.principals().stream()
                .filter(each -> each.name().equals(entry.principal().name()))
                .flatMap(client -> policy.budgets(client, request.model(), entry.tags(), Optional.empty()).stream())
                .filter(each -> each.scope() != Budget.Scope.SESSION)
                .map(each -> new ChargedBudget(each, each.terms().windowAt(request.admitted()), policy.version()))
                .toList();
    }

    /**
     * The rows of the ledger that a budget begins with if it is new in the middle of its period. A budget of a session
     * begins with nothing, because ids of sessions are the clients' choice and have no index.
     */
    Opening opening(ChargedBudget charged) {
        Budget budget = charged.budget();
        return switch (budget.scope()) {
            case ORGANIZATION -> Opening.ALL;
            case CLIENT -> Opening.ofClients(Set.of(budget.name()));
            case TEAM ->
                clients(each -> each.membership()
                        .payer()
                        .filter(team -> team.name().equals(budget.name()))
                        .isPresent());
            case TAG -> clients(each -> each.tags().contains(budget.name()));
            case MODEL -> Opening.ofModels(model -> current.get().chargesModel(budget, model));
            case SESSION -> Opening.NONE;
        };
    }

    private Opening clients(Predicate<Principal> included) {
        return Opening.ofClients(current.get().principals().stream()
                .filter(included)
                .map(Principal::name)
                .collect(Collectors.toSet()));
    }
}
