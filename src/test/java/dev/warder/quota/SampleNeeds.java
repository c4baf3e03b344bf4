package dev.warder.quota;

import dev.warder.policy.BudgetScope;
import dev.warder.quota.Waiter.Turn;

/** Needs of limits by the first version of a policy, which count all models. */
final class SampleNeeds {
    static final Turn TURN = new Turn("ann", "", 0);

    private SampleNeeds() {}

    static LimitKey key(BudgetScope scope, String name, LimitKind kind) {
        return new LimitKey(new LimitOwner(scope, name), kind);
    }

    static Need of(LimitKey key, long size, long amount) {
        return new Need(key, 1, size, amount, model -> true);
    }
}
