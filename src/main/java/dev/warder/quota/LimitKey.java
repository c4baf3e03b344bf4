package dev.warder.quota;

import dev.warder.policy.BudgetScope;

/** Identifies a limit. Immutable. */
record LimitKey(LimitOwner owner, LimitKind kind) {
    /** The same on all nodes; at most 200 characters. */
    String text() {
        return owner.scope().word() + ":" + owner.name() + ":" + kind.word;
    }

    String words() {
        var scope = owner.scope();
        String whose = scope == BudgetScope.ORGANIZATION ? "the organization" : scope.word() + " " + owner.name();
        return "the limit of " + kind.words + " of " + whose;
    }
}
