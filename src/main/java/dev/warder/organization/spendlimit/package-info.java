/**
 * Spend limits in the shape of Anthropic's Admin API, and what a client has spent, for that client. A spend limit is a budget by
 * day, week or month.
 *
 * <p>{@link dev.warder.organization.spendlimit.SpendLimits} reads pages of the effective spend limits of all clients: {@code
 * EffectiveLimits} takes the budgets of a page from the policy, and their numbers come from the database of budgets. {@link
 * dev.warder.organization.spendlimit.OwnUsage} reads the same for one client. Administrators change the limits in the policy of
 * the database by a {@link dev.warder.organization.spendlimit.SpendLimitResource}: {@code PeriodBudgets} sets them in a definition
 * of the policy. The records whose names end with {@code Document} are the JSON.
 */
@NullMarked
package dev.warder.organization.spendlimit;

import org.jspecify.annotations.NullMarked;
