package dev.warder.quota;

import dev.warder.policy.BudgetScope;

/**
 * Whose limits they are. Immutable.
 *
 * @param scope client, team, organization or model
 * @param name a name, or the pattern of models; empty text for the organization
 */
record LimitOwner(BudgetScope scope, String name) {}
