package dev.warder.policy;

import java.util.Locale;

/** Whose spending a budget limits, in the order in which the budgets of a request are charged. */
public enum BudgetScope {
    /** One client: a person or a service, with all its tokens. */
    CLIENT,
    /** All clients that a team pays for. */
    TEAM,
    /** All clients. */
    ORGANIZATION,
    /** All requests that carry a tag. */
    TAG,
    /** All requests for some models. */
    MODEL,
    /** One session of one client. */
    SESSION;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The name in keys: lower case. */
    public String word() {
        return word;
    }
}
