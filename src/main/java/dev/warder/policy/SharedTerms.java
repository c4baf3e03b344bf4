package dev.warder.policy;

import dev.warder.policy.PolicyReader.ModelBudgets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The budgets and rate limits that clients share, and the terms of each session. Immutable.
 *
 * @param organization the budgets of all clients together, the shortest period first
 * @param tags the budgets of each tag that has one
 * @param models the budgets of models, in the order of the file
 * @param sessions what holds for each session of each client, the shortest period first
 * @param limits the rate limits of all clients together
 * @param modelLimits those of models, in the order of the file
 */
public record SharedTerms(
        List<Budget> organization,
        Map<String, List<Budget>> tags,
        List<ModelBudgets> models,
        List<BudgetTerms> sessions,
        RateLimits limits,
        List<OwnedLimits> modelLimits) {
    static final SharedTerms NONE =
            new SharedTerms(List.of(), Map.of(), List.of(), List.of(), RateLimits.NONE, List.of());

    public SharedTerms {
        organization = List.copyOf(organization);
        tags = Map.copyOf(tags);
        models = List.copyOf(models);
        sessions = List.copyOf(sessions);
        modelLimits = List.copyOf(modelLimits);
    }

    List<Budget> charged(
            Principal client, Optional<String> model, Collection<String> tagsOfRequest, Optional<String> session) {
        var charged = new ArrayList<>(client.budgets().budgets());
        client.membership()
                .payer()
                .ifPresent(team -> charged.addAll(team.budgets().budgets()));
        charged.addAll(organization);
        var allTags = new TreeSet<>(client.tags());
        allTags.addAll(tagsOfRequest);
        allTags.forEach(tag -> charged.addAll(tags.getOrDefault(tag, List.of())));
        model.ifPresent(name -> charged.addAll(ModelBudgets.of(name, models)));
        session.ifPresent(id -> sessions.forEach(terms -> charged.add(Budget.ofSession(client.name(), id, terms))));
        return List.copyOf(charged);
    }

    /**
     * Whether a budget may refuse requests of this client, whatever model and session they name.
     *
     * @param tagsOfRequest in addition to those of the client
     */
    boolean mayLimit(Principal client, Collection<String> tagsOfRequest) {
        return sessions.stream().anyMatch(BudgetTerms::enforces)
                || Stream.concat(
                                charged(client, Optional.empty(), tagsOfRequest, Optional.empty()).stream(),
                                models.stream().flatMap(each -> each.budgets().stream()))
                        .anyMatch(budget -> budget.terms().enforces());
    }

    List<OwnedLimits> limits(Principal client, Collection<String> names) {
        var all = ofAllModels(client);
        for (var each : modelLimits) {
            for (var name : names) {
                if (name.isEmpty() || each.countsModel(name)) {
                    all.add(each);
                    break;
                }
            }
        }
        return all;
    }

    boolean needContent(Principal client) {
        return !modelLimits.isEmpty()
                || ofAllModels(client).stream().anyMatch(each -> each.limits().needContent());
    }

    private List<OwnedLimits> ofAllModels(Principal client) {
        var all = new ArrayList<OwnedLimits>();
        add(all, BudgetScope.CLIENT, client.name(), client.limits());
        client.membership().payer().ifPresent(team -> add(all, BudgetScope.TEAM, team.name(), team.limits()));
        add(all, BudgetScope.ORGANIZATION, "", limits);
        return all;
    }

    private static void add(List<OwnedLimits> all, BudgetScope scope, String owner, RateLimits limits) {
        if (!limits.equals(RateLimits.NONE)) {
            all.add(new OwnedLimits(scope, owner, limits));
        }
    }
}
