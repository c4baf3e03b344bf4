/**
 * Gates: the rules that decide about a request after authentication and before it goes upstream. Model policy and the
 * credential's own refusal are the first two; limits, budgets and quotas are further ones.
 *
 * <p>A {@link dev.warder.gate.Gate} receives an {@link dev.warder.gate.Inquiry} and returns a {@link
 * dev.warder.gate.Verdict}: granted, perhaps with a release and a {@link dev.warder.gate.Meter}, refused, or later. The
 * {@link dev.warder.gate.Gates} of the application are one list. A {@link dev.warder.gate.Passage} is one request's way
 * through that list: it asks one gate after the other, without a thread that waits, and ends all grants when the record of
 * the request ends.
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
 * <p>This package knows no exchange and no secret: an inquiry has no credential and no content.
 */
@NullMarked
package dev.warder.gate;

import org.jspecify.annotations.NullMarked;
