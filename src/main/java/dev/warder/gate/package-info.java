/**
 * Gates: the rules that decide about a request after authentication and before it goes upstream. The first
 * ones check which models a client may use, what a policy that has changed meanwhile permits, and whether a credential is
 * usable. Limits, budgets and quotas are gates of the packages that they belong to. A new gate is
 * added to a module of the application, which says its turn among the others: the gate of the ledger stays the last, since
 * it notes what is going to be sent.
 *
 * <p>A {@link dev.warder.gate.Gate} receives an {@link dev.warder.gate.Inquiry} and returns a {@link
 * dev.warder.gate.Verdict}: granted, refused with an {@link dev.warder.http.ErrorReply} in the caller's dialect, or
 * decided later. The inquiry names the client, with its entry in the policy if there is one. Gates that need only the
 * head of a request ({@code Gate.Needs}) are asked before its body is read, the others afterwards. A grant may have a
 * release, which runs at the end of the request, and a {@link dev.warder.gate.Meter}, which follows the request: it
 * counts the tokens of the response, without changing a byte, and may end it. The {@link dev.warder.gate.Gates} of the
 * application are one list. A {@link dev.warder.gate.Passage} is one request's way through that list: it asks one gate
 * after the other, without a thread that waits, and ends all grants when the record of the request ends.
 *
 * <pre>
 *                     granted by the last gate
 *  ask ──► asking ─────────────────────────────► decided (passed)
 *            ▲ │ later
 *    granted │ ▼
 *          waiting ── refused, a fault ────────► decided (refused)
 *            │
 *            └─ client gone, drain, limit ─────► withdrawn: a grant that arrives now is released at once
 * </pre>
 *
 * <p>This package knows no exchange and no secret: an inquiry has no credential and, of the content, an outline.
 */
@NullMarked
package dev.warder.gate;

import org.jspecify.annotations.NullMarked;
