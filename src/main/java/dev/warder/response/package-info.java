/**
 * A response on its way from the upstream to the client. {@code UpstreamResponse} receives it from HttpCore. It passes one
 * {@code ResponseSink} after the other, the stages: {@code UsageStage}, {@code DeferredHead}, {@code DecodeStage}, {@code
 * EditStage} and {@code TranslateStage}, as far as a response needs them. {@code UsageStage} belongs to one try and is the first: it reads the
 * counts of tokens for the record and the meters of gates, also from a response that is not passed on in the end, and inflates a
 * copy where that is compressed. What else reads responses belongs next to it. At the end {@code ResponseRelay} has the
 * queue, and writes as fast as the client reads; {@code EventStreamGuard} gives an event stream a proper end. The
 * {@code StreamPosition} reads the bytes of a stream that passes; of a translated one it reads none, because {@code
 * TranslatedEvents} adds whole events and reports the last one.
 *
 * <p><b>The states of the servlet response</b> ({@code ResponsePhase.on}; {@code ResponseOutput} acts on them, under the lock of
 * {@code ResponseRelay}):
 *
 * <pre>
 *  UNBEGUN ─HEAD, STREAM_HEAD─► BEGUN ─END────────────────► ENDING
 *     │                           │ │                          │ CUT_OFF, BREAK, BREAK_BEGUN
 *     │      BREAK, BREAK_BEGUN ──┘ └──CUT_OFF────────────┐    │
 *     │               ▼                                   ▼    ▼
 *     │            SPOILED ─END, CUT_OFF─────────────────► BREAKING
 *     └─END, CUT_OFF, BREAK: no head, no success ────────────►┘
 *
 *  CLOSED ◄─CLOSE from each phase: as complete, from SPOILED and BREAKING as broken off
 * </pre>
 *
 * <p>{@code Flow} opens the upstream's window again for the bytes that the client has taken.
 *
 * <p>This package knows neither credentials nor requests.
 */
@NullMarked
package dev.warder.response;

import org.jspecify.annotations.NullMarked;
