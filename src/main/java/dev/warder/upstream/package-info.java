/**
 * The one client that speaks to the upstream: connections, their timeouts and their pool, and the exchange that can be
 * cancelled at any moment. It may have several origins, which come and go while it runs ({@code UpstreamClient.add});
 * the upstreams of the pool send to them by a {@code Sender}.
 *
 * <p>HttpClient implements HTTP/1.1. HTTP/2 is in {@code dev.warder.upstream.h2}, with the reasons why HttpClient is not
 * used for it. Both protocols use the same reading of sockets ({@code PausableSession}, {@code ReadEvents}), the same TLS
 * ({@code UpstreamTls}), the same way out through a proxy ({@code Outbound}, {@code TunnelEngine}) and the same guard around the
 * parts of an exchange ({@code GuardedExchange}).
 */
@NullMarked
package dev.warder.upstream;

import org.jspecify.annotations.NullMarked;
