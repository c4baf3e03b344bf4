/**
 * Administration of this node: drain it and manage its credentials, below {@code /admin} as JSON for programs or
 * as pages for a browser, and by the platform MBean.
 *
 * <p>{@link dev.warder.admin.AdminServlet} reads a request into a {@link dev.warder.admin.AdminRequest}, for which {@link
 * dev.warder.admin.AdminAuth} authenticates the caller by {@code admin.token} or a session's cookie. {@code AdminHandler}
 * refuses or admits it, and {@code AdminActions} or one of the classes whose names end with {@code Replies} makes the
 * response. Pages are rendered in {@link dev.warder.admin.page}. {@link dev.warder.admin.ManagedCredentials} is the
 * operator's view of all credentials. {@link dev.warder.admin.OwnPageServlet} serves clients the page {@code /me} in the
 * same way.
 */
@NullMarked
package dev.warder.admin;

import org.jspecify.annotations.NullMarked;
