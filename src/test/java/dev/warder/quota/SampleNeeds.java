package dev.warder.quota;

import dev.warder.policy.Budget;
import dev.warder.quota.Limit.Need;
import dev.warder.quota.WaitingLine.Turn;

/** Needs of limits by the first version of a policy, which count all models. */
final class SampleNeeds {
    static final Turn TURN = new Turn("ann", "", 0);

    private SampleNeeds() {}

    static Limit.Key key(Budget.Scope scope, String name, Limit.Kind kind) {
        return new Limit.Key(new Limit.Owner(scope, name), kind);
    }

    static Need of(Limit.Key key, long size, long amount) {
        return new Need(key, 1, size, amount, model -> true);
    }
}
