package dev.warder.upstream.h2;

import java.util.concurrent.ThreadFactory;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.function.Callback;
import org.apache.hc.core5.function.Decorator;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;

/**
 * The way in which connections to the origins of the upstream are made.
 *
 * @param addresses returns the addresses of a host, without blocking
 * @param tlsConfig how TLS is negotiated; over HTTP/2 the protocol is negotiated as well, whatever this has for it
 * @param connectTimeout for the TCP connection
 */
public record ConnectionSetup(
        DnsResolver addresses, TlsStrategy tls, TlsConfig tlsConfig, Timeout connectTimeout, Reactor reactor) {
    /**
     * The reactor that the connections belong to.
     *
     * @param sessions makes the results of one read reach a client in one write
     * @param faults receives what reaches the reactor
     */
    public record Reactor(
            IOReactorConfig config, ThreadFactory threads, Decorator<IOSession> sessions, Callback<Exception> faults) {}
}
