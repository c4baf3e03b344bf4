package dev.warder.policy;

import java.util.Locale;

/** Whose spending a budget limits, in the order in which the budgets of a request are charged. */
public enum BudgetScope {
    CLIENT,
    TEAM,
    ORGANIZATION,
    TAG,
    MODEL,
    SESSION;

    private final String word = name().toLowerCase(Locale.ROOT);

    public String word() {
        return word;
    }
}
