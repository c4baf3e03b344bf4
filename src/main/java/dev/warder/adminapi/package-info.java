/**
 * The documents below {@code /v1/organizations}, to access tokens with the right {@code admin:read}, in the shape of Anthropic's
 * Admin API, so that its clients can use them. The package {@code admin} admits callers and sends what is made here.
 *
 * <p>{@link dev.warder.adminapi.Reports} sums the ledger. {@link dev.warder.adminapi.SpendLimitResource} shows and changes limits in
 * the policy, and {@link dev.warder.adminapi.SpendLimits} what they mean for each client. {@link
 * dev.warder.adminapi.RateLimitLists} shows the rate limits of the policy.
 *
 * <p>The words are Anthropic's, and the names are Warder's own: {@code api_key_id} is a client, {@code workspace_id} a team.
 */
@NullMarked
package dev.warder.adminapi;

import org.jspecify.annotations.NullMarked;
