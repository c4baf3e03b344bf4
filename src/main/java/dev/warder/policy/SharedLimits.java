package dev.warder.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rate limits that clients share. Immutable.
 *
 * @param organization those of all clients together
 * @param models those of models, in the order of the file
 */
record SharedLimits(RateLimits organization, List<ModelLimits> models) {
    /** Without a limit. */
    static final SharedLimits NONE = new SharedLimits(RateLimits.NONE, List.of());

    /** Copies the list. */
    SharedLimits {
        models = List.copyOf(models);
    }

    /** See {@link PolicyEntry#limits}. */
    List<OwnedLimits> of(Principal client, Optional<String> model) {
        var all = new ArrayList<OwnedLimits>(2);
        add(all, BudgetScope.CLIENT, client.name(), client.limits());
        client.membership().payer().ifPresent(team -> add(all, BudgetScope.TEAM, team.name(), team.limits()));
        add(all, BudgetScope.ORGANIZATION, "", organization);
        model.ifPresent(name -> models.stream()
                .filter(each -> each.matches(name))
                .forEach(each -> add(all, BudgetScope.MODEL, each.name(), each.limits())));
        return all;
    }

    /** Whether some models are limited. */
    boolean limitModels() {
        return !models.isEmpty();
    }

    private static void add(List<OwnedLimits> all, BudgetScope scope, String owner, RateLimits limits) {
        if (!limits.equals(RateLimits.NONE)) {
            all.add(new OwnedLimits(scope, owner, limits));
        }
    }
}
