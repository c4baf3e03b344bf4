/**
 * The one client that speaks to the upstream: connections, their timeouts and their pool, and the call that can be
 * cancelled at any moment.
 *
 * <p>HttpClient implements HTTP/1.1. HTTP/2 consists of HttpCore's multiplexer and the classes {@code Shared…} here,
 * because HttpClient 5.6.5 closes a shared connection when one exchange on it fails or is cancelled. It also does not
 * report how many streams the upstream accepts.
 *
 * <p>HttpCore 5.4.4 lacks two things, and this package limits the effect of both. It resets a cancelled stream only
 * when the stream's next frame arrives. Therefore a connection with such a stream gets no further call, and closes when
 * only such streams are left. It also does not fail the streams that a GOAWAY reports as not started, so this package
 * reads that frame itself.
 */
@NullMarked
package dev.warder.upstream;

import org.jspecify.annotations.NullMarked;
