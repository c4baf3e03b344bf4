/**
 * Warder's own service below {@code /v1/organizations}, to access tokens with the right {@code admin:read}, in the shape of
 * Anthropic's Admin API, so that its clients can use it.
 *
 * <p>{@link dev.warder.adminapi.OrganizationFilter} decides who is served, and has the paths that are only read. An {@code
 * OrganizationRequest} sends a page when it has been read. It reads the body of a request for a {@code SpendLimitResource},
 * which can change the policy, and sends its response. {@link dev.warder.adminapi.RateLimitLists} shows the rate limits of the
 * policy.
 *
 * <p>The words are Anthropic's, and the names are Warder's own: {@code api_key_id} is a client, {@code workspace_id} a team.
 */
@NullMarked
package dev.warder.adminapi;

import org.jspecify.annotations.NullMarked;
