/**
 * The body of a request on its way from the client to the upstream. An {@code Upload} has one of three forms: {@code
 * CollectedUpload} reads the whole body, charges it to the memory for bodies ({@code BodyMemory}), checks and perhaps
 * translates it; {@code RelayedUpload} passes it on as it arrives; {@code
 * EmptyUpload} has none. {@code UploadPhase} is the table of its states.
 *
 * <p><b>The states of the request</b> ({@code UploadPhase.on} is the table, {@code StateMachine.on} runs its actions):
 *
 * <pre>
 *  CREATED ─STARTED─► AT_HEAD_GATES ─ADMITTED─► OPENED ─PREPARED─► AT_BODY_GATES ─ADMITTED─► SENDING
 *                       body unread               └──READY: relayed or empty────────────────►   │
 *                                                                                            RESPONSE
 *                                                                                               ▼
 *  ENDED ◄─END from each phase but CREATED            SENT: memory given back ◄─NO_MORE─── RESPONDING
 *  NEVER_STARTED ◄─END from CREATED
 * </pre>
 *
 * <p>{@link dev.warder.http.BodyReader} reads from the container for both, in turns instead of under a lock.
 * {@code Upload.Outgoing} is what is sent, once for each try, and {@code SendProgress} is how far it is sent in one of them.
 * {@code Decisions} are what the filters decided, {@code Deadlines} the times at which something last moved.
 *
 * <p>This package sees no value of a credential, and does not know the list of open exchanges.
 */
@NullMarked
package dev.warder.exchange.up;

import org.jspecify.annotations.NullMarked;
