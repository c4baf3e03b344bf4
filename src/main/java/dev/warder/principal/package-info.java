/**
 * Changes of clients, teams, access tokens, budgets and limits in the database, as an administrator asks for them.
 *
 * <p>{@link dev.warder.principal.Administration} makes a change in one transaction: the object is read, the change is tried out
 * on the whole policy, and the new content is written with its entry of the audit and the mark of its idempotency key. A change
 * that would make any object unusable is refused, so that the database always has a policy that nodes can use. An {@link
 * dev.warder.principal.AuditedChanges.Edit} is the change itself, without a database: from a content to the rows that become different.
 */
@NullMarked
package dev.warder.principal;

import org.jspecify.annotations.NullMarked;
