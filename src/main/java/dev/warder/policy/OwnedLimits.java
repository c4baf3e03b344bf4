package dev.warder.policy;

/**
 * Limits and whose they are. Immutable.
 *
 * @param scope client, team, organization or model
 * @param owner the name of the client or the team, or the pattern of the models; empty text for the organization
 */
public record OwnedLimits(BudgetScope scope, String owner, RateLimits limits) {}
