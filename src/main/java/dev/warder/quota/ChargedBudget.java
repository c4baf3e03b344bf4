package dev.warder.quota;

import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import dev.warder.policy.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A budget that a request is charged to, in the window of its admission. Immutable.
 *
 * @param policyVersion the version of the policy that has it
 */
public record ChargedBudget(Budget budget, Period.Window window, long policyVersion) {
    /**
     * The budgets of a request, in the order in which they are locked in a database.
     *
     * @param model the model that is asked upstream
     * @param session the caller's name of its session
     */
    public static List<ChargedBudget> of(
            Policy.Entry entry, Optional<String> model, Optional<String> session, Instant admitted) {
        return entry.budgets(model, session).stream()
                .map(each -> new ChargedBudget(each, each.terms().windowAt(admitted), entry.version()))
                .toList();
    }

    public PeriodKey key() {
        return new PeriodKey(budget.key(), window.start());
    }

    /** When it begins again. */
    Instant end() {
        return window.end().orElse(Instant.MAX);
    }

    boolean enforces() {
        return budget.terms().enforces();
    }

    public boolean isOfSession() {
        return budget.scope() == Budget.Scope.SESSION;
    }

    String client() {
        return budget.name().substring(0, budget.name().indexOf('/'));
    }
}
