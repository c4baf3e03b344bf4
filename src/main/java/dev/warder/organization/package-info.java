/**
 * What Warder itself serves below {@code /v1/organizations}, to access tokens with the right {@code admin:read}: reports in the
 * shape of Anthropic's Admin API, so that its clients can read them.
 *
 * <p>{@link dev.warder.organization.OrganizationFilter} decides who is served. {@link dev.warder.organization.SpendLimits} reads
 * the effective spend limits of all clients from the policy and the database of budgets.
 */
@NullMarked
package dev.warder.organization;

import org.jspecify.annotations.NullMarked;
