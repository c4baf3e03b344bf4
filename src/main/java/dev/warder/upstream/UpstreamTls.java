package dev.warder.upstream;

import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Negotiates and verifies TLS to upstreams and services alike, if need be through a {@link Tunnel}, and knows whether a connection ended
 * with close_notify. Without it the end of the TCP connection may have been forged, and a body that only the end of the connection
 * delimits is incomplete (RFC 8446, section 6.1; RFC 9112, section 9.8). HttpCore 5.4.4 reports both ends alike; only the engine of
 * a connection distinguishes them.
 *
 * <p>Therefore the verifiers of HttpClient's strategy are wrapped; everything else is delegated to it. HttpClient 5.6.5 passes
 * the engine of a connection to nothing else that an application provides. It ignores the factory of {@code
 * ClientTlsStrategyBuilder}, and the constructor that accepts a factory gives up the host verification by Java's own TLS.
 * Thread-safe.
 */
final class UpstreamTls implements TlsStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamClient.class);

    static final HostnameVerifier IDENTITY = new PeerIdentity();

    private final Map<TlsDetails, SSLEngine> engines = Collections.synchronizedMap(new WeakHashMap<>());

    private final Outbound outbound;

    /** Null as long as no origin has TLS. */
    private volatile @Nullable Verifying verifying;

    /** @param context of the files of the operator; empty for that of the JVM */
    private record Verifying(Optional<SSLContext> context, TlsStrategy strategy) {}

    UpstreamTls(Outbound outbound) {
        this.outbound = outbound;
    }

    /** Reads the trust store, before the first connection: a plain upstream needs none. */
    TlsStrategy load() {
        var context = outbound.context();
        var loaded = verifying;
        if (loaded == null || !loaded.context.equals(context)) {
            var builder = ClientTlsStrategyBuilder.create()
                    .useSystemProperties()
                    .setHostVerificationPolicy(HostnameVerificationPolicy.BOTH)
                    .setHostnameVerifier(IDENTITY)
                    .setSslBufferMode(SSLBufferMode.DYNAMIC);
            context.ifPresent(builder::setSslContext);
            loaded = new Verifying(context, builder.buildAsync());
            verifying = loaded;
        }
        return loaded.strategy;
    }

    /** TLS 1.2 or 1.3, for HTTP/1.1, within {@code handshakeTimeout}. */
    static TlsConfig config(Timeout handshakeTimeout) {
        return TlsConfig.custom()
                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                .setSupportedProtocols("TLSv1.3", "TLSv1.2")
                .setHandshakeTimeout(handshakeTimeout)
                .build();
    }

    boolean isTruncated(IOSession session) {
        var details = session instanceof SSLIOSession secured ? secured.getTlsDetails() : null;
        var engine = details == null ? null : engines.get(details);
        return engine != null && !engine.isInboundDone();
    }

    @Override
    public void upgrade(
            TransportSecurityLayer connection,
            NamedEndpoint endpoint,
            @Nullable Object attachment,
            Timeout handshake,
            @Nullable FutureCallback<TransportSecurityLayer> callback) {
        var tunnel = outbound.tunnel(endpoint);
        load().upgrade(
                        new WatchedLayer(connection, tunnel),
                        endpoint,
                        attachment,
                        handshake,
                        callback == null || tunnel.isEmpty()
                                ? callback
                                : tunnel.get().naming(callback));
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
        upgrade(connection, host, attachment, handshake, null);
        return true;
    }

    private SSLSessionVerifier watching(SSLSessionVerifier verifier) {
        return (endpoint, engine) -> {
            var verified = verifier.verify(endpoint, engine);
            var details =
                    verified == null ? new TlsDetails(engine.getSession(), engine.getApplicationProtocol()) : verified;
            engines.put(details, engine);
            return details;
        };
    }

    /** A connection that starts TLS with a wrapped verifier. */
    private final class WatchedLayer implements TransportSecurityLayer {
        private final TransportSecurityLayer connection;
        private final Optional<Tunnel> tunnel;

        WatchedLayer(TransportSecurityLayer connection, Optional<Tunnel> tunnel) {
            this.connection = connection;
            this.tunnel = tunnel;
        }

        @Override
        public void startTls(
                SSLContext context,
                NamedEndpoint endpoint,
                SSLBufferMode buffers,
                SSLSessionInitializer initializer,
                SSLSessionVerifier verifier,
                Timeout handshake) {
            startTls(context, endpoint, buffers, initializer, verifier, handshake, null);
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
            var used = tunnel.map(each -> each.over(context)).orElse(context);
            connection.startTls(used, endpoint, buffers, initializer, watching(verifier), handshake, callback);
        }

        @Override
        public @Nullable TlsDetails getTlsDetails() {
            return connection.getTlsDetails();
        }
    }

    /**
     * Decides after the handshake, before a request is sent, whether the peer is the intended one. It checks the name (RFC 9110,
     * section 4.3.4), and requires keys and signatures that cannot be forged. Java's own constraints accept RSA keys of 1024
     * bits, and SHA-1 from an authority that is not shipped with Java. Java and HttpClient both accept a name that only the CN
     * has. Immutable; thread-safe.
     */
    private static final class PeerIdentity implements HostnameVerifier {
        /** NIST SP 800-57 part 1, table 2: 112 bits of security. */
        private static final int SHORTEST_RSA_KEY = 2048;

        /** {@code dNSName} and {@code iPAddress} (RFC 5280, section 4.2.1.6). */
        private static final Set<Object> NAMES = Set.of(2, 7);

        private final HostnameVerifier names = HttpsSupport.getDefaultHostnameVerifier();

        @Override
        public boolean verify(String host, SSLSession session) {
            try {
                var chain = session.getPeerCertificates();
                var weakness = weakness(chain)
                        .or(() -> isNamed(chain[0])
                                ? Optional.empty()
                                : Optional.of("no subjectAltName of a host or an address"));
                weakness.ifPresent(reason -> LOG.warn("TLS certificate of {} refused: {}", host, reason));
                return weakness.isEmpty() && names.verify(host, session);
            } catch (SSLPeerUnverifiedException noCertificate) {
                return false;
            }
        }

        static Optional<String> weakness(Certificate... chain) {
            for (var certificate : chain) {
                if (certificate.getPublicKey() instanceof RSAKey key
                        && key.getModulus().bitLength() < SHORTEST_RSA_KEY) {
                    return Optional.of("RSA key of fewer than " + SHORTEST_RSA_KEY + " bits");
                }
                if (certificate instanceof X509Certificate x509 && !isRoot(x509) && isWeak(x509.getSigAlgName())) {
                    return Optional.of("signature by " + x509.getSigAlgName());
                }
            }
            return Optional.empty();
        }

        private static boolean isNamed(Certificate own) {
            try {
                var names = own instanceof X509Certificate x509 ? x509.getSubjectAlternativeNames() : null;
                return names != null && names.stream().anyMatch(name -> NAMES.contains(name.get(0)));
            } catch (CertificateParsingException malformed) {
                return false;
            }
        }

        /** The signature of a root proves nothing: the root is trusted because it is in the trust store. */
        private static boolean isRoot(X509Certificate certificate) {
            return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
        }

        private static boolean isWeak(String algorithm) {
            String name = algorithm.toUpperCase(Locale.ROOT);
            return name.startsWith("SHA1") || name.startsWith("MD5") || name.startsWith("MD2");
        }
    }
}
