/**
 * Administration over HTTP, below {@code /admin} as JSON for programs or as pages for a browser, the page {@code /me} of a
 * client, the documents in Anthropic's shapes below {@code /v1/organizations}, and the platform MBean.
 *
 * <p>{@link dev.warder.admin.AdminEndpoints} is the table of all that can be asked for. {@link dev.warder.admin.AdminServlet}, or
 * {@link dev.warder.admin.OrganizationFilter} for a path that other callers use for the upstream, serves a request in five steps:
 *
 * <ol>
 *   <li>The path is parsed once, into an {@link dev.warder.admin.Endpoint} and its variable.
 *   <li>{@link dev.warder.admin.AdminAuth} finds the caller by its token or cookie, and refuses by the head what it can: 401,
 *       404, 405, 403, 400. An {@link dev.warder.admin.AdminRequest} has all of that, and the dialect of refusals.
 *   <li>The body is collected without waiting, up to what the endpoint takes; a form is checked for its token.
 *   <li>The work of the endpoint makes an {@link dev.warder.admin.AdminReply}, now or later. What waits for the database runs on
 *       one of the {@link dev.warder.admin.AdminThreads}: four for queries and their pages, three for what reads much; more wait
 *       in a short queue, half of which one caller may have, and then are refused. Changes of the policy are one after the other,
 *       by the transaction that makes them. {@link dev.warder.admin.Failures} has the refusals that a work makes by exceptions.
 *   <li>The reply is written without waiting, so that no reader holds one of these threads.
 * </ol>
 *
 * <p>Clients must not delay administrators: what {@code /me} shows is read on a thread of its own, see {@link
 * dev.warder.adminapi.OwnUsage}. Pages are rendered in {@link dev.warder.admin.page}. {@link dev.warder.admin.ManagedCredentials}
 * is the operator's view of all credentials.
 */
@NullMarked
package dev.warder.admin;

import org.jspecify.annotations.NullMarked;
