package dev.warder.upstream;

import java.net.SocketAddress;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.SSLIOSession;
import org.apache.hc.core5.reactor.ssl.SSLSessionInitializer;
import org.apache.hc.core5.reactor.ssl.SSLSessionVerifier;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether a TLS connection ended with close_notify. Without it the end of the TCP connection may have been
 * forged, and a body that only the end of the connection delimits is incomplete (RFC 8446, section 6.1; RFC 9112,
 * section 9.8). HttpCore 5.4.4 reports both ends alike; only the engine of a connection distinguishes them.
 * Thread-safe.
 */
final class TlsEnds {
    private final Map<TlsDetails, SSLEngine> engines = Collections.synchronizedMap(new WeakHashMap<>());

    TlsStrategy watching(TlsStrategy strategy) {
        return new WatchedTls(strategy, this::verifying);
    }

    boolean isTruncated(IOSession session) {
        var details = session instanceof SSLIOSession secured ? secured.getTlsDetails() : null;
        var engine = details == null ? null : engines.get(details);
        return engine != null && !engine.isInboundDone();
    }

    private SSLSessionVerifier verifying(SSLSessionVerifier verifier) {
        return (endpoint, engine) -> {
            var verified = verifier.verify(endpoint, engine);
            var details =
                    verified == null ? new TlsDetails(engine.getSession(), engine.getApplicationProtocol()) : verified;
            engines.put(details, engine);
            return details;
        };
    }

    /**
     * A TLS strategy whose verifiers are wrapped; everything else is delegated to the strategy. HttpClient 5.6.5 passes the
     * engine of a connection to nothing else that an application provides. It ignores the factory of
     * {@code ClientTlsStrategyBuilder}, and the constructor that accepts a factory gives up the host verification by Java's
     * own TLS. Immutable; thread-safe.
     */
    private record WatchedTls(TlsStrategy strategy, UnaryOperator<SSLSessionVerifier> verifying)
            implements TlsStrategy {
        @Override
        public void upgrade(
                TransportSecurityLayer connection,
                NamedEndpoint endpoint,
                @Nullable Object attachment,
                Timeout handshake,
                @Nullable FutureCallback<TransportSecurityLayer> callback) {
            strategy.upgrade(new Layer(connection, verifying), endpoint, attachment, handshake, callback);
        }

        @Deprecated
        @Override
        public boolean upgrade(
                TransportSecurityLayer connection,
                HttpHost host,
                SocketAddress local,
                SocketAddress remote,
                @Nullable Object attachment,
                Timeout handshake) {
            return strategy.upgrade(new Layer(connection, verifying), host, local, remote, attachment, handshake);
        }

        /** A connection that starts TLS with a wrapped verifier. */
        private record Layer(TransportSecurityLayer connection, UnaryOperator<SSLSessionVerifier> verifying)
                implements TransportSecurityLayer {
            @Override
            public void startTls(
                    SSLContext context,
                    NamedEndpoint endpoint,
                    SSLBufferMode buffers,
                    SSLSessionInitializer initializer,
                    SSLSessionVerifier verifier,
                    Timeout handshake) {
                connection.startTls(context, endpoint, buffers, initializer, verifying.apply(verifier), handshake);
            }

            @Override
            public void startTls(
                    SSLContext context,
                    NamedEndpoint endpoint,
                    SSLBufferMode buffers,
                    SSLSessionInitializer initializer,
                    SSLSessionVerifier verifier,
                    Timeout handshake,
                    @Nullable FutureCallback<TransportSecurityLayer> callback) {
                connection.startTls(
                        context, endpoint, buffers, initializer, verifying.apply(verifier), handshake, callback);
            }

            @Override
            public @Nullable TlsDetails getTlsDetails() {
                return connection.getTlsDetails();
            }
        }
    }
}
