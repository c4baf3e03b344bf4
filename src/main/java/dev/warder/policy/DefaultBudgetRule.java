package dev.warder.policy;

import dev.warder.policy.ClientReader.Membership;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * No client is unlimited by accident: one that neither its own budgets, nor those of the team that pays, nor those of the
 * organization limit gets {@code budget.default}. Budgets of tags, models and sessions limit no client. One thread at a time.
 */
final class DefaultBudgetRule {
    private static final int MOST_NAMED = 20;

    private static final String REMEDY =
            ", set budget.default, or write \"budgets\": \"" + PolicySyntax.UNLIMITED + "\"";

    /** Why a client of the database cannot be used. */
    static final String UNCOVERED = "no enforcing budget limits it: give it, its team or the organization one" + REMEDY;

    private final Optional<DefaultBudget> byDefault;
    private final boolean organizationEnforces;
    private final ZoneId zone;
    private final List<String> uncovered = new ArrayList<>();

    /**
     * Creates it.
     *
     * @param byDefault the value of the setting; empty if it is not set
     * @param zone the calendar of the budgets that it gives
     */
    DefaultBudgetRule(Optional<DefaultBudget> byDefault, List<Budget> organization, ZoneId zone) {
        this.byDefault = byDefault;
        this.organizationEnforces =
                organization.stream().anyMatch(budget -> budget.terms().enforces());
        this.zone = zone;
    }

    BudgetList complete(ObjectReader client, String name, BudgetList own, Membership membership) {
        boolean covered = organizationEnforces
                || own.suffices()
                || membership.payer().map(team -> team.budgets().suffices()).orElse(false);
        if (covered) {
            return own;
        }
        if (byDefault.isEmpty()) {
            uncovered.add(name);
        }
        Optional<Budget> added = byDefault.flatMap(each -> each.forClient(name, zone));
        if (added.map(each -> hasPeriod(own, each.terms().period())).orElse(false)) {
            client.problem(
                    BudgetReader.MEMBER,
                    "has a budget that does not enforce, for the period of budget.default; make it enforce, or add the word "
                            + PolicySyntax.UNLIMITED);
            return own;
        }
        return new BudgetList(
                Stream.concat(own.budgets().stream(), added.stream()).toList(), false);
    }

    void reportUncovered(Problems problems, boolean anyEnforces) {
        if (!uncovered.isEmpty() && anyEnforces) {
            int shown = Math.min(uncovered.size(), MOST_NAMED);
            String more = uncovered.size() > shown ? " and " + (uncovered.size() - shown) + " more" : "";
            problems.add(
                    "clients",
                    "no enforcing budget limits " + String.join(", ", uncovered.subList(0, shown)) + more
                            + ": give them, their team or the organization one" + REMEDY);
        }
    }

    List<String> uncovered() {
        return Collections.unmodifiableList(uncovered);
    }

    private static boolean hasPeriod(BudgetList own, Period period) {
        return own.budgets().stream().anyMatch(budget -> budget.terms().period() == period);
    }
}
