package dev.warder.policy;

import dev.warder.policy.PolicyReader.ModelBudgets;
import java.util.List;
import java.util.Map;

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
        List<Budget.Terms> sessions,
        RateLimits limits,
        List<RateLimits.Owned> modelLimits) {
    static final SharedTerms NONE =
            new SharedTerms(List.of(), Map.of(), List.of(), List.of(), RateLimits.NONE, List.of());

    public SharedTerms {
        organization = List.copyOf(organization);
        tags = Map.copyOf(tags);
        models = List.copyOf(models);
        sessions = List.copyOf(sessions);
        modelLimits = List.copyOf(modelLimits);
    }
}
