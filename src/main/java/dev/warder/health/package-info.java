/**
 * Questions of load balancers, monitors and clients before they use this node: health with its checks, and the probes that
 * Claude Code sends at its start.
 *
 * <p>No request here changes anything, and none needs a token; {@code HealthServlet} decides which callers see details. This
 * package knows the token of administrators and their view of the credentials from {@code dev.warder.admin}, which knows
 * nothing of health.
 */
@NullMarked
package dev.warder.health;

import org.jspecify.annotations.NullMarked;
