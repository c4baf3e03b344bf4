/**
 * A response on its way from the upstream to the client. {@code UpstreamResponse} receives it from HttpCore. It passes one
 * {@code ResponseSink} after the other, the stages; {@code ResponsePipeline} has them and their order. What else reads
 * responses is a further stage there. {@code UsageStage}, the tap, reads the counts of tokens for the record and the meters of
 * gates; a response that is compressed for the client stays so, and the tap inflates a copy.
 *
 * <p>At the end {@code ResponseRelay} has the queue, and writes as fast as the client reads; {@code EventStreamGuard} gives an
 * event stream a proper end. It is at the queue because a comment depends on what waits there. It reads the bytes of a stream
 * that passes; of a translated one it reads none, because {@code TranslateStage} adds whole events and reports the last one.
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
 * <p>{@code ResponseSink.Flow} opens the upstream's window again for the bytes that the client has taken.
 *
 * <p>This package knows neither credentials nor requests.
 */
@NullMarked
package dev.warder.exchange.down;

import org.jspecify.annotations.NullMarked;
