/**
 * The exchange: one request that goes up and its answer that comes down, piece by piece, without a thread that waits.
 *
 * <p>Each direction is one object that implements both sides' callbacks around a queue of bytes and a lock. Under a lock
 * nothing foreign is called but the servlet output stream, and what follows from a callback ({@code Exchange.clientGone}, a
 * larger window, more output) happens after it was released. The servlet input stream is asked under no lock, but in turns
 * ({@code ReadTurn}), since containers call back under the locks that they take there. This is where the plan of one lock
 * for an exchange proved wrong.
 *
 * <p>A container whose streams make other threads than its own wait ({@code ClientThreads}) gets streams that hand the
 * waiting to threads of this application; both directions stay as they are. On Tomcat, threads of this application read
 * chunked bodies ({@code dev.warder.http.ChunkedReads}).
 */
@NullMarked
package dev.warder.proxy;

import org.jspecify.annotations.NullMarked;
