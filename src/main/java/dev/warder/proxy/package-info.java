/**
 * The exchange: one request that goes up and its answer that comes down, piece by piece, without a thread that waits.
 *
 * <p>Each direction is one object that implements both sides' callbacks around a queue of bytes. Both directions of an
 * exchange share one lock, so that they can never wait for each other; under it nothing foreign is called but the servlet
 * streams, and what follows from a callback ({@code Exchange.clientGone}, a larger window, more output) happens after it
 * was released.
 */
@NullMarked
package dev.warder.proxy;

import org.jspecify.annotations.NullMarked;
