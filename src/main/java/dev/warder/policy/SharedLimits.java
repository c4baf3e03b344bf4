package dev.warder.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The rate limits that clients share. Immutable.
 *
 * @param organization those of all clients together
 * @param models those of models, in the order of the file
 */
public record SharedLimits(RateLimits organization, List<OwnedLimits> models) {
    /** Without a limit. */
    static final SharedLimits NONE = new SharedLimits(RateLimits.NONE, List.of());

    /** Copies the list. */
    public SharedLimits {
        models = List.copyOf(models);
    }

    /** See {@link PolicyEntry#limits}. */
    List<OwnedLimits> of(Principal client, Collection<String> names) {
        var all = ofAllModels(client);
        for (var each : models) {
            for (var name : names) {
                if (name.isEmpty() || each.countsModel(name)) {
                    all.add(each);
                    break;
                }
            }
        }
        return all;
    }

    /** Whether they depend on what a request that runs a model contains, or on when it ends. */
    boolean needContent(Principal client) {
        return !models.isEmpty()
                || ofAllModels(client).stream().anyMatch(each -> each.limits().needContent());
    }

    private List<OwnedLimits> ofAllModels(Principal client) {
        var all = new ArrayList<OwnedLimits>();
        add(all, BudgetScope.CLIENT, client.name(), client.limits());
        client.membership().payer().ifPresent(team -> add(all, BudgetScope.TEAM, team.name(), team.limits()));
        add(all, BudgetScope.ORGANIZATION, "", organization);
        return all;
    }

    private static void add(List<OwnedLimits> all, BudgetScope scope, String owner, RateLimits limits) {
        if (!limits.equals(RateLimits.NONE)) {
            all.add(new OwnedLimits(scope, owner, limits));
        }
    }
}
