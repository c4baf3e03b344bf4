/**
 * Objects and documents of the administration: changes of clients, teams, access tokens, budgets and limits in the database;
 * and the documents below {@code /v1/organizations}, in the shape of Anthropic's Admin API, so that its clients can use them
 * with an access token that has the right {@code admin:read}. The package {@code admin} admits callers and sends what is made
 * here.
 *
 * <p>{@link dev.warder.adminapi.Reports} sums the ledger. {@link dev.warder.adminapi.SpendLimitResource} shows and changes limits
 * in the policy, and {@link dev.warder.adminapi.SpendLimits} what they mean for each client.
 * {@link dev.warder.adminapi.RateLimitLists} shows the rate limits of the policy.
 *
 * <p>{@link dev.warder.adminapi.Administration} makes a change in one transaction: the object is read, the change is tried out
 * on the whole policy, and the new content is written with its entry of the audit and the mark of its idempotency key. A change
 * that would make any object unusable is refused, so that the database always has a policy that nodes can use. An {@link
 * dev.warder.adminapi.AuditedChanges.Edit} is the change itself, without a database: from a content to the rows that become
 * different.
 *
 * <p>The words of the documents are Anthropic's, and the names are Warder's own: {@code api_key_id} is a client,
 * {@code workspace_id} a team.
 */
@NullMarked
package dev.warder.adminapi;

import org.jspecify.annotations.NullMarked;
