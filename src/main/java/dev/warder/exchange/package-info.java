/**
 * The exchange: one request that goes up and its response that comes down, piece by piece, without a thread that waits.
 *
 * <p><b>Words</b>: a {@code Call} is what a client sends, and an {@code Exchange} is a call with its response. A try ({@code
 * Try}) is one request upstream with one credential; with its response it is an {@link
 * dev.warder.upstream.UpstreamExchange}. A {@link dev.warder.credential.Candidates.Use} is one try, or two where the value of
 * the credential is renewed after a 401.
 *
 * <p><b>The way of a request</b>: {@code ProxyServlet.service} reserves a place, makes the checks that need no body and asks
 * the gates that need none. {@code ExchangeStart.start} makes the request asynchronous, {@code Exchange.start} sets the
 * listeners. {@code UpstreamRequest.start} waits for the gates and opens one of three forms: {@code CollectedUpload} reads
 * the body (charged by {@code BodyMemory}) and translates it,
 * {@code RelayedUpload} relays it, {@code EmptyUpload} has none. {@code UpstreamRequest.prepared}
 * asks the gates that need the body, {@code CollectedUpload.outgoing} edits it, and {@code Tries.begin} sends it: {@code
 * Try.send} for each try.
 *
 * <p><b>The states of the exchange</b> ({@code ExchangePhase.on}; {@code Exchange.act} does the actions). A failure is
 * sent as an error response, as the last event of a stream, or by breaking the response off:
 *
 * <pre>
 *                         ┌─COMPLETED─► AHEAD ─SENT─► TRAILING ─UPSTREAM_ENDED, SENT─► ENDED
 *                         │               └─UPSTREAM_ENDED──────────────────┐
 *                         │                                                 ▼
 *  WAITING ─RESPONSE─► RESPONDING ─UPSTREAM_ENDED─► RECEIVED ─COMPLETED─► COMPLETE
 *     └───────────────────┴──────────┬─────────────────┴─────────────────────┘
 *              FAILED                │                  FAULT
 *     ┌──────────────────────────────┴───────────────────────────────────────┐
 *     ▼                                                                      ▼
 *  FAILING ─ERROR_QUEUED─► LINGERING: the rest of the request is dropped ─FAULT─► CLOSING: sends what is queued
 *     └───────────────────────────────────FAULT──────────────────────────────────►┘  └─FAULT──► ENDED
 *
 *  ENDED ◄─SENT, CLIENT_GONE, ABANDONED, BROKEN, NOT_LISTENING from each phase, FAULT from RETURNED
 *  RETURNED ◄─ENDED_BY_CONTAINER from each phase but LEFT and ENDED; the timer ends it
 *  LEFT ◄─CLIENT_GONE, ABANDONED from WAITING, RESPONDING and RETURNED; ─UPSTREAM_ENDED, FAILED, SENT─► ENDED
 * </pre>
 *
 * <p>{@code AHEAD} belongs to event streams. The message ends with its last event, which may come long before the end of the
 * connection: the client of a translation gets its end at once, one that speaks the API's dialect gets the bytes and the end of
 * the upstream, or an end where the upstream is silent for too long. The record ends with the response to the client, and so do
 * its places in limits.
 *
 * <p>{@code LEFT} belongs to responses whose last event alone reports what they cost. The client is gone and the container has
 * its request back, but the upstream's response is read on, through the tap and no other stage. The record ends with it. All
 * other responses pass the phase and end at once.
 *
 * <p><b>The way of an event</b>, each step a {@code ResponseSink} until the relay: {@code UpstreamResponse.consume} copies
 * the piece (the {@code Provider} of an upstream that is not the API makes the API's bytes of it), {@code UsageStage.piece} reads
 * the usage of a message, {@code Try.piece} holds it back as long as another response is possible, {@code ResponseStages.piece}
 * notes the time, in another dialect {@code DecodeStage.piece} decodes it, {@code EditStage.piece} edits it where a filter asked
 * for that, in another dialect {@code TranslateStage.piece} makes the caller's events of it, {@code Relayed.piece} counts it,
 * {@code ResponseRelay.add} hands it to {@code ResponseOutput.add}, which shows it to the {@code EventStreamGuard} and queues it,
 * and {@code ResponseOutput.drain} writes it. So seven objects pass on a piece of a native stream, and two readers look at it:
 * for the usage in it, before it may be held back, and for what may be added to it, as it is queued. What the client took opens
 * the upstream's window again by {@code ResponseSink.Flow.taken}. What waits for the slower side, in either direction, is charged
 * to the memory for bodies by the timer ({@code Exchange.charge}), which breaks off the slowest exchanges where that is short.
 *
 * <p><b>The way of a credential</b>: {@code Decisions.choice} is the caller's own, used once, or the candidates of the
 * operator's whose upstreams serve the request. {@code Tries} takes one after the other, has its {@code Provider} write the
 * request with its value, and reports to the credential what its response shows ({@code Tries.judged}).
 *
 * <p>Each direction is one object that implements both sides' callbacks around a queue of bytes and a lock. Under a lock only
 * the servlet response, its stream, the end of the asynchronous request and the guard of an event stream are called. What
 * follows from a callback ({@code Exchange.clientGone}, a larger window, more output) happens after the lock was released. The
 * lock of a {@code StateMachine} is never held during a call, so that a container's thread may give it an event under locks of
 * its own ({@code Exchange.endedByContainer}). The servlet input stream is read under no lock, but in turns ({@code
 * SerialTurn}), since containers call back under locks of their own.
 *
 * <p>The states of the request are in the package {@code dev.warder.exchange.up}, those of the tries in
 * {@code dev.warder.exchange.tries}, and those of the servlet response in {@code dev.warder.exchange.down}; this package joins
 * them. What depends on the server is in {@code dev.warder.container}: {@code ClientThreads} chooses the threads and wraps the
 * streams, {@code ChunkedReads} are threads that read chunked bodies, and {@code TaskThreads} those for what takes a while.
 */
@NullMarked
package dev.warder.exchange;

import org.jspecify.annotations.NullMarked;
