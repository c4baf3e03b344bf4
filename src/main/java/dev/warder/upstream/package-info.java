/**
 * The one client that speaks to the upstream: connections, their time-outs and their pool, and the call that can be
 * cancelled at any moment.
 *
 * <p>HTTP/1.1 is HttpClient's. HTTP/2 is made of HttpCore's multiplexer and the classes {@code Shared…} here, because
 * HttpClient 5.6.5 closes a shared connection when one exchange on it fails or is cancelled, and does not tell how many
 * streams the upstream takes. Two things HttpCore 5.4.4 does not do, and both are bounded here: it resets a cancelled stream
 * only when the stream's next frame comes, so a connection with such a stream gets no further call, and goes when only such
 * streams are left; and of the streams that a GOAWAY says were not started on it fails none, so the frame is read along.
 */
@NullMarked
package dev.warder.upstream;

import org.jspecify.annotations.NullMarked;
