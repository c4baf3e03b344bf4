package dev.warder.ratelimit;

import dev.warder.policy.BudgetScope;

/**
 * Identifies a limit. Immutable.
 *
 * @param scope client, team, organization or model
 * @param owner whose limit it is: a name, or the pattern of models; empty text for the organization
 */
record LimitKey(BudgetScope scope, String owner, LimitKind kind) {
    /** The same on all nodes; at most 200 characters. */
    String text() {
        return scope.word() + ":" + owner + ":" + kind.word();
    }

    /** For messages, such as {@code the limit of requests per minute of team payments}. */
    String words() {
        String whose = scope == BudgetScope.ORGANIZATION ? "the organization" : scope.word() + " " + owner;
        return "the limit of " + kind.words() + " of " + whose;
    }
}
