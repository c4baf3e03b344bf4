package dev.warder.policy;

import java.util.Optional;

/**
 * Clients with a common budget. Immutable.
 *
 * @param name unique among teams and clients, apart from the case of letters
 * @param externalId its id in another system, such as a cost center; unique among teams
 * @param access the models that may be used at its expense, and all paths
 * @param budgets the budgets of all that it pays for together
 * @param limits how much these may use together
 */
public record Team(
        String name, Optional<String> externalId, Access access, Principal.BudgetList budgets, RateLimits limits) {}
