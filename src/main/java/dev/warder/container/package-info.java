/**
 * Everything that depends on the server, and the parts of objects that several threads call at once. {@link
 * dev.warder.container.Container} names what servers do differently; other classes make them behave alike for the exchange.
 *
 * <ul>
 *   <li>{@link dev.warder.container.ClientThreads} chooses the threads that read from and write to clients. The server's
 *       own callbacks do so, and where such a call would block ({@code blocksForeignWrites}) a pool of threads does.
 *   <li>{@link dev.warder.container.ChunkedReads} are the threads that read chunked bodies ({@code reentersAtLastChunk}), and
 *       {@link dev.warder.container.ReadTurns} those that read large ones in the standalone form.
 *   <li>{@link dev.warder.container.TaskThreads} are the threads for what takes a while ({@code dispatchesAfterTasks}).
 *   <li>{@link dev.warder.container.RepeatingThread}, {@link dev.warder.container.Pools} and
 *       {@link dev.warder.container.TaskPool} make the application's own threads.
 *   <li>{@link dev.warder.container.RequestCompletion} ends a request in the ways that servers accept, and
 *       {@link dev.warder.container.RequestCompletion.BreakOffs} counts the responses that a server has yet to break off.
 *   <li>{@link dev.warder.container.SerialTurn} serializes calls of a server's streams without a lock, because servers call
 *       back under locks of their own.
 *   <li>{@link dev.warder.container.StateMachine}, {@link dev.warder.container.SerialActions}, {@link
 *       dev.warder.container.Cancellation} and {@link dev.warder.container.CallbackGuard} are parts of objects that several
 *       threads call and that no thread waits for: a table of phases, a queue of actions, a cancellation, and the guard that
 *       catches what a callback throws. They are the same for every server.
 * </ul>
 *
 * <p>Code that is the same for every server, because it only avoids what one of them does wrong, stays where it is needed;
 * its comment names the server. This package knows no other package of the application.
 */
@NullMarked
package dev.warder.container;

import org.jspecify.annotations.NullMarked;
