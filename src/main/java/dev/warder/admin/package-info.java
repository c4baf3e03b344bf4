/**
 * What an administrator does with this node: drain it and manage its credentials, below {@code /admin} as JSON for programs or
 * as pages for a browser, and by the platform MBean.
 *
 * <p>{@code AdminServlet} reads a request into an {@code AdminRequest}, {@code AdminAuth} authenticates it by {@code admin.token} or a
 * session's cookie, {@code AdminHandler} refuses or admits it, and {@code AdminActions} does it. {@link dev.warder.html.Page} is the
 * frame of small pages; the overview and the page of budgets are rendered by
 * {@link dev.warder.dashboard}. {@link dev.warder.admin.ManagedCredentials} is the
 * operator's view of all credentials.
 */
@NullMarked
package dev.warder.admin;

import org.jspecify.annotations.NullMarked;
