package dev.warder.budget;

import dev.warder.budget.account.ChargedBudget;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.Policy;
import java.util.Map;
import java.util.Optional;

/** What one version of the policy states about budgets that were charged under an older one. Immutable. */
final class PolicyTerms {
    private final Policy policy;
    private final Map<String, Budget> byKey;

    PolicyTerms(Policy policy) {
        this.policy = policy;
        this.byKey = policy.budgetsByKey();
    }

    /** The same budget in the same window. One that is not in the policy any more limits nothing. */
    ChargedBudget of(ChargedBudget charged) {
        if (policy.version() <= charged.policyVersion()) {
            return charged;
        }
        var old = charged.budget();
        var terms = terms(charged).orElseGet(() -> withoutLimit(old.terms()));
        return new ChargedBudget(new Budget(old.scope(), old.name(), terms), charged.window(), policy.version());
    }

    private Optional<BudgetTerms> terms(ChargedBudget charged) {
        return charged.isOfSession()
                ? policy.sessions().stream()
                        .filter(each ->
                                each.period() == charged.budget().terms().period())
                        .findFirst()
                : Optional.ofNullable(byKey.get(charged.budget().key())).map(Budget::terms);
    }

    private static BudgetTerms withoutLimit(BudgetTerms terms) {
        return new BudgetTerms(terms.nanos(), terms.period(), terms.zone(), BudgetMode.SHADOW, terms.onExhausted());
    }
}
