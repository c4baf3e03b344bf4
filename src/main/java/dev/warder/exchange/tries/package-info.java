/**
 * How one request is sent: {@code Tries} sends it once with the caller's own credential, or with one after the other of the
 * operator's ({@code Try}) until a response may be passed on or no credential is left; then the client gets the last result.
 * {@code Replays} limits the third and further tries of all requests
 * together. {@code TriedResponse} is what a try keeps back of a response, and {@code FirstEvent} looks at the beginning of its
 * stream.
 *
 * <p><b>An upstream</b> is a {@code Provider}; {@code AnthropicApi} is the first. On the way of a request it is asked for
 *
 * <ol>
 *   <li>{@code members}: the paths of members that it has to know of, such as {@code tools[].type}; the one scan of each body finds
 *       those of all upstreams of the pool;
 *   <li>{@code refusal}: why it does not serve the request, by its path, model, fields and members, and by the client;
 *   <li>{@code render}: the request of a try, with the value of the credential in a field or as a signature. Its body is {@code
 *       Outgoing.body()}, or {@code Outgoing.body(RequestEdit)} with an edit of the collected body, such as {@code RequestEdit.cut}, beside
 *       those of the filters;
 *   <li>{@code Rendered.decode}: a stage before all others, which makes the API's head, events and errors of the response. The id of the
 *       request, its usage and the judgement of the credential are read after it.
 * </ol>
 *
 * <p><b>The states of the tries of a request</b> ({@code TriesPhase.on} is the table; {@code Tries} runs its actions as steps):
 *
 * <pre>
 *  CREATED ─STARTED─► CHOOSING ─CHOSEN─► AWAITING ─VALUE─► TRYING ─PASSED_ON─► PASSED
 *                      │  ▲  ▲◄─NO_VALUE────┘  ▲              │
 *                      │  │                    └──RENEWABLE───┤
 *                      │  └────────────────────────FAILED─────┘
 *                      └NONE_LEFT─► ENDED ◄─ABORTED from each phase
 * </pre>
 *
 * <p><b>The states of one try</b> ({@code TryPhase.on} is the table). It keeps a response back until its first byte (HOLDING),
 * its first event (LOOKING) or its end (KEEPING), or passes it on and judges its credential by the first event (WATCHING):
 *
 * <pre>
 *  WAITING ─head─┬► HOLDING ─BYTE────────────────────────────────────► PASSING ─END or FAILED─► COMPLETE
 *                │    └─END: passed on whole─────────────────────────────────────────────────►    ▲
 *                ├► LOOKING ─FIRST_EVENT or FULL─────────────────────►    ▲                       │
 *                │    ├─END: passed on whole─────────────────────────────────────────────────►    │
 *                │    ├─ERROR_EVENT─► ERROR_SEEN ─FULL───────────────►    │                       │
 *                │    └─REFUSAL_EVENT─► REFUSED                           │                       │
 *                ├► KEEPING ─FULL────────────────────────────────────►    │                       │
 *                ├► REFUSED: status 401                                   │                       │
 *                ├► WATCHING: passed on, not judged ──FIRST_EVENT─────────┘                       │
 *                │    └─END or FAILED─────────────────────────────────────────────────────────────┘
 *                └► PASSING: passed on and judged at once
 *
 *  OVER ◄─ a failure or a timeout before PASSING, the END of KEEPING, ERROR_SEEN and REFUSED, FULL of REFUSED,
 *          CANCEL from each phase
 * </pre>
 */
@NullMarked
package dev.warder.exchange.tries;

import org.jspecify.annotations.NullMarked;
