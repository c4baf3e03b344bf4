/**
 * The pages on which administrators see and change clients, teams, access tokens, budgets and limits of the database, and read
 * the audit. They are rendered on the server and have no script.
 *
 * <p>{@link dev.warder.principal.page.PageTarget} has the addresses, and {@link dev.warder.principal.page.PrincipalPages} serves
 * them on the thread of {@link dev.warder.principal.api.PrincipalApi}, which may wait for the database. A form that is refused is
 * shown again with the text that was typed and the reason. The package knows no request and no response: the package {@code
 * admin} admits callers, and checks that a form comes from a page of the caller's own session.
 */
@NullMarked
package dev.warder.principal.page;

import org.jspecify.annotations.NullMarked;
