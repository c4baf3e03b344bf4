/**
 * Spend limits and requests for their increase in the shape of Anthropic's Admin API, and what a client has spent, for that
 * client.
 *
 * <p>{@link dev.warder.organization.spendlimit.SpendLimits} reads pages of the effective spend limits of all clients: {@code
 * EffectiveLimits} takes the budgets of a page from the policy, and their numbers come from the database of budgets. {@link
 * dev.warder.organization.spendlimit.OwnUsage} reads the same for one client. Administrators change the limits in the policy of
 * the database, and approve or deny requests, by a {@link dev.warder.organization.spendlimit.PolicyResource}, which makes a
 * response of a {@link dev.warder.organization.spendlimit.PolicyCall}. The requests themselves are in {@link
 * dev.warder.spendlimit}. The records whose names end with {@code Document} are the JSON.
 */
@NullMarked
package dev.warder.organization.spendlimit;

import org.jspecify.annotations.NullMarked;
