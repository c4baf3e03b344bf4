/**
 * What Warder itself serves below {@code /v1/organizations}, to access tokens with the right {@code admin:read}: reports in the
 * shape of Anthropic's Admin API, so that its clients can read them.
 *
 * <p>{@link dev.warder.organization.OrganizationFilter} decides who is served, and {@code Resource} has the paths. {@link
 * dev.warder.organization.SpendLimits} reads the effective spend limits of all clients from the policy and the database of
 * budgets, {@link dev.warder.organization.Reports} sums the rows of the ledger, and {@link
 * dev.warder.organization.RateLimitLists} shows the rate limits of the policy.
 *
 * <p>The words of the reports are Anthropic's, and the names are Warder's own: {@code api_key_id} is a client, {@code
 * workspace_id} the team that paid for it.
 */
@NullMarked
package dev.warder.organization;

import org.jspecify.annotations.NullMarked;
