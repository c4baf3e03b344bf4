package dev.warder.upstream;

import java.net.SocketAddress;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.SSLSessionInitializer;
import org.apache.hc.core5.reactor.ssl.SSLSessionVerifier;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A TLS strategy whose verifiers are wrapped; everything else is delegated to the strategy. HttpClient 5.6.5 passes the
 * engine of a connection to nothing else that an application provides. It ignores the factory of
 * {@code ClientTlsStrategyBuilder}, and the constructor that accepts a factory gives up the host verification by Java's
 * own TLS. Immutable; thread-safe.
 */
record WatchedTls(TlsStrategy strategy, UnaryOperator<SSLSessionVerifier> verifying) implements TlsStrategy {
    @Override
    public void upgrade(
            TransportSecurityLayer connection,
            NamedEndpoint endpoint,
            @Nullable Object attachment,
            Timeout handshake,
            @Nullable FutureCallback<TransportSecurityLayer> callback) {
        strategy.upgrade(new Layer(connection, verifying), endpoint, attachment, handshake, callback);
    }

    /** Deprecated; the interface requires it. */
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
