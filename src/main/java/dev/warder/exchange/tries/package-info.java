/**
 * How one request is sent: {@code Tries} sends it once with the caller's own credential, or with one after the other of the
 * operator's ({@code Try}) until a response may be passed on or no credential is left; then the client gets the last result.
 * A {@code Provider} writes the request of each try for the upstream that it goes to, and makes the API's response of what comes
 * back; the API itself is the one that the gateway has. {@code Replays} limits the third and further tries of all requests
 * together. {@code TriedResponse} is what a try keeps back of a response, and {@code FirstEvent} looks at the beginning of its
 * stream.
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
