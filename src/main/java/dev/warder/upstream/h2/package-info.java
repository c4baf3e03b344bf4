/**
 * HTTP/2 to the upstream: connections that carry many exchanges as streams, among them thousands of event streams. The
 * interface is {@link dev.warder.upstream.h2.SharedConnections}, one for each origin on one {@link
 * dev.warder.upstream.h2.SharedReactor}; a caller describes its exchange as a {@link dev.warder.upstream.h2.StreamExchange}. This
 * package knows no other package of the application.
 *
 * <p>HTTP/1.1 is left to HttpClient. HTTP/2 consists of HttpCore's multiplexer and these classes, for the following
 * reasons. Versions are HttpClient 5.6.5 and HttpCore 5.4.4; the numbers are pull requests of
 * github.com/apache/httpcomponents-client ("client") and httpcomponents-core ("core"). A reason without a number is not
 * known to be reported; the class that works around it has the details.
 *
 * <ul>
 *   <li>The pool of HttpClient that shares connections (client 602, experimental) closes a connection under all its
 *       exchanges when one of them fails or is cancelled. See {@code SharedConnections}.
 *   <li>That pool does not know how many streams the upstream accepts. A pool that does is proposed (core 666, open). See
 *       {@code FrameWatch} and {@code StreamSlots}.
 *   <li>The multiplexer holds back streams above the upstream's limit until others end. (Core 553 discusses who should
 *       obey the limit.) See {@code SharedConnection}.
 *   <li>A cancelled stream is reset only when its next frame arrives. Therefore a connection with such a stream gets no
 *       further exchange, and closes when only such streams are left. See {@code SharedStream} and {@code StreamSlots}.
 *   <li>A GOAWAY fails none of the streams that the upstream has not started on. See {@code FrameWatch}.
 *   <li>A stream whose head is about to be sent can no longer be withdrawn. See {@code StreamQueue}.
 *   <li>An exception from a stream's handler ends the whole connection, unless it is a stream reset. See
 *       {@code SharedStream}.
 * </ul>
 */
@NullMarked
package dev.warder.upstream.h2;

import org.jspecify.annotations.NullMarked;
