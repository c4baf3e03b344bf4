/**
 * How a browser stays signed in, and how fast tokens can be guessed. Nothing here knows requests to {@code /admin}.
 *
 * <p>A session is a cookie that every node can check, without a store: {@link dev.warder.admin.session.AdminCookies} reads and
 * writes the cookies of a request, and {@link dev.warder.admin.session.Seal} makes values that a browser can neither make nor
 * change. {@link dev.warder.admin.session.SignedOutSessions} has the sessions that ended before their time. {@link
 * dev.warder.admin.session.OwnSession} signs clients in to {@code /me} by them.
 *
 * <p>{@link dev.warder.auth.TokenThrottle} compares what callers present with the token of administrators, and {@link
 * dev.warder.admin.session.BearerGuard} admits programs by it to other paths, such as {@code /metrics}.
 */
@NullMarked
package dev.warder.admin.session;

import org.jspecify.annotations.NullMarked;
