/**
 * One request's walk through the operator's credentials: {@code ManagedTries} sends it with one after the other ({@code
 * ManagedTry}) until {@code FailoverRule} finds a response good enough for the client, or nothing is left; then {@code
 * LastResult} is what the client gets. {@code TryBudget} bounds how often, with a share of {@code Replays}. {@code
 * TriedResponse} is what a try keeps back of a response, and {@code FirstEvent} looks at the beginning of its stream.
 *
 * <p><b>The states of the walk</b> ({@code TriesPhase.on} is the table; {@code ManagedTries} runs its actions as steps):
 *
 * <pre>
 *  CREATED ─STARTED─► CHOOSING ─CHOSEN─► AWAITING ─VALUE─► TRYING ─PASSED_ON─► PASSED
 *                      │  ▲  ▲◄─NO_VALUE────┘  ▲              │
 *                      │  │                    └──RENEWABLE───┤
 *                      │  └────────────────────────FAILED─────┘
 *                      └NONE_LEFT─► ENDED ◄─ABORTED from each phase
 * </pre>
 *
 * <p><b>The states of one try</b> ({@code TryPhase.on} is the table):
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
package dev.warder.failover;

import org.jspecify.annotations.NullMarked;
