/**
 * Authentication: access tokens, their clients, and the first filter of the chain, which admits or refuses a request.
 *
 * <p>With a policy, an admitted caller needs an entry in it, which limits paths and models: {@link
 * dev.warder.auth.AccessRule} decides as far as the head of a request shows what is asked for. The entry is a part of
 * the {@link dev.warder.auth.Client} that filters and gates receive.
 *
 * <p>A value that starts with {@code sk-ant-} is an Anthropic credential and never an access token. This package
 * removes every field with a valid access token from the request, so that no access token can go upstream. It passes
 * the caller's other credential on as {@link dev.warder.auth.OwnCredential}.
 *
 * <p><b>Gates</b> are the rules that decide about a request after authentication and before it goes upstream. Those of this
 * package check which models a client may use, and what a policy that has changed meanwhile permits. The state of a credential,
 * limits, budgets and quotas are gates of the packages that they belong to. A new gate is added to a module of the application,
 * which says its turn among the others: the gate of the ledger stays the last, since it notes what is going to be sent.
 *
 * <p>A {@link dev.warder.auth.Gate} receives an {@link dev.warder.auth.Inquiry} and returns a {@link
 * dev.warder.auth.Verdict}: granted, refused with an {@link dev.warder.http.ErrorReply} in the caller's dialect, or
 * decided later. The inquiry names the client, with its entry in the policy if there is one. Gates that need only the
 * head of a request ({@code Gate.Needs}) are asked before its body is read, the others afterwards. A grant may have a
 * release, which runs at the end of the request, and a {@link dev.warder.auth.Meter}, which follows the request: it
 * counts the tokens of the response, without changing a byte, and may end it. The {@link dev.warder.auth.Gates} of the
 * application are one list. A {@link dev.warder.auth.Passage} is one request's way through that list: it asks one gate
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
 * <p>Gates know no exchange and no secret: an inquiry has no credential and, of the content, an outline.
 */
@NullMarked
package dev.warder.auth;

import org.jspecify.annotations.NullMarked;
