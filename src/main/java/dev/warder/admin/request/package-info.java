/**
 * A request to {@code /admin}, who sends it, and its response: what all the resources below {@code /admin} share. Nothing here
 * knows a resource.
 *
 * <p>{@link dev.warder.admin.request.AdminAuth} finds the caller by a bearer token or by a session's cookie, and {@link
 * dev.warder.admin.request.AdminRequest} keeps the caller with what else the head of the request has. {@link
 * dev.warder.admin.request.FormReader} reads a form, without a thread that waits. An {@link dev.warder.admin.request.AdminReply} is the response, and {@link dev.warder.admin.request.RecordedOutcome} ends the
 * record of the request when it was sent. {@link dev.warder.admin.request.ActionLog} writes who has done what to the log, and
 * {@link dev.warder.admin.request.Actors} names the caller for the audit.
 */
@NullMarked
package dev.warder.admin.request;

import org.jspecify.annotations.NullMarked;
