/**
 * Who may use what, how much may be spent, and how fast: the content of {@code policy.file}. {@link dev.warder.policy.Policy} is
 * the immutable result of reading one version of it, which {@link dev.warder.policy.reading} does. A {@link
 * dev.warder.policy.PolicyEntry} is a client in the version with which its request was admitted; {@link
 * dev.warder.policy.Budget} and {@link dev.warder.policy.RateLimits} are what an owner has. {@link dev.warder.policy.Period} is
 * the arithmetic of calendars. This package neither measures nor refuses anything: whether a budget is spent is known elsewhere,
 * under {@link dev.warder.policy.Budget#key}.
 *
 * <p>Where there was a choice:
 *
 * <ul>
 *   <li>A token belongs to at most one client, and a token that no client lists belongs to none: removing a client ends
 *       the access of its tokens.
 *   <li>A client's only team pays for it; with several teams the payer is named. The budgets and models of the team
 *       that pays count, and other memberships neither grant nor limit anything.
 *   <li>The word {@code unlimited} of a client or a team only states that no further budget is needed; the budgets of
 *       its team, the organization, tags, models and sessions count as before. It may be combined with budgets that do
 *       not enforce.
 *   <li>An owner has at most one budget for each period. It keeps its key, and what was spent, when its amount, zone or
 *       mode changes.
 *   <li>An amount of 0 permits nothing, which pauses a team without another change.
 *   <li>A request is charged to the budgets of all patterns of models that match; a date or a suffix in brackets at the
 *       end of a model's name does not evade them.
 * </ul>
 */
@NullMarked
package dev.warder.policy;

import org.jspecify.annotations.NullMarked;
