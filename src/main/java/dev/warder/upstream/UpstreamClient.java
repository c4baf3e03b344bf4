package dev.warder.upstream;

import dev.warder.container.WorkThread;
import dev.warder.upstream.UpstreamSettings.Http2;
import dev.warder.upstream.h2.ConnectionSetup;
import dev.warder.upstream.h2.ExchangeFaultException;
import dev.warder.upstream.h2.SharedConnections;
import dev.warder.upstream.h2.StreamExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
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
import org.apache.hc.core5.function.Decorator;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.IOReactorConfig;
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
 * The client of the one upstream. It follows no redirect, keeps no cookie, adds no field of its own but Host and
 * framing, decodes nothing and repeats nothing: all of that is decided elsewhere. Its timeouts cover the connection
 * only; the exchange limits how long a response may take.
 *
 * <p>Thread-safe. Callbacks run on its reactor threads, one thread at a time for one exchange. The callback of an exchange which
 * could not be begun runs on the caller's thread or on one that looked up the upstream's name.
 */
public final class UpstreamClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamClient.class);

    private static final IOReactorConfig REACTOR = IOReactorConfig.custom()
            .setSoTimeout(Timeout.DISABLED)
            .setTcpNoDelay(true)
            .setSoKeepAlive(true)
            .build();

    private static final Timeout CLOSE_WAIT = Timeout.ofSeconds(5);

    /** Thousands of event streams are open at once for minutes, and their bytes arrive in small pieces. */
    private static final int STREAM_BUFFER = 1024;

    /** The largest piece of an event stream to process; HttpCore's buffer grows to its size and keeps it. */
    private static final int STREAM_PIECE = 8 * 1024;

    /** A connection's buffer would keep the bytes of the request as long as its stream is open. */
    private static final int STREAM_GATHERED = 0;

    /** Other responses are short and arrive at once. */
    private static final int BUFFER = 16 * 1024;

    private static final int GATHERED = 8 * 1024;

    private final Http2 http2;
    private final HttpHost host;
    private final HostAddresses addresses;
    private final Http1Connections streams;
    private final Http1Connections others;
    private final @Nullable SharedConnections shared;
    private final ReadEvents reads = new ReadEvents();
    private final TlsEnds tlsEnds = new TlsEnds();
    private volatile boolean closing;

    /**
     * @param url where the upstream is; only scheme, host and port count here
     * @param connectTimeout for the connection, and again for the TLS handshake
     * @param http2 which exchanges may use HTTP/2 to an upstream with TLS; to one without TLS, exchanges always use HTTP/1.1
     * @param threads makes the reactor threads and those that look names up; they must carry the application's context
     *     class loader
     * @param nanoTime a clock that never goes back
     */
    public UpstreamClient(URI url, Duration connectTimeout, Http2 http2, ThreadFactory threads, LongSupplier nanoTime) {
        this(url, connectTimeout, http2, threads, InetAddress::getAllByName, nanoTime);
    }

    UpstreamClient(
            URI url,
            Duration connectTimeout,
            Http2 http2,
            ThreadFactory threads,
            HostAddresses.Lookup names,
            LongSupplier nanoTime) {
        this.http2 = http2;
        ServiceClient.silenceLoggers();
        host = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
        addresses = new HostAddresses(
                host.getHostName(), names, lookup -> new WorkThread(lookup, threads).start(), nanoTime);
        boolean secure = host.getSchemeName().equals("https");
        var tls = UpstreamTls.strategy(secure, tlsEnds);
        var timeout = Timeout.of(connectTimeout);
        Function<Decorator<IOSession>, ConnectionSetup> setup = sessions -> new ConnectionSetup(
                host,
                addresses,
                tls,
                UpstreamTls.config(timeout),
                timeout,
                new ConnectionSetup.Reactor(REACTOR, threads, sessions, this::faultInReactor));
        streams = new Http1Connections(setup.apply(http1(STREAM_PIECE)), STREAM_BUFFER, STREAM_GATHERED, reads);
        others = new Http1Connections(setup.apply(http1(ReadEvents.BUFFER)), BUFFER, GATHERED, reads);
        shared = http2 != Http2.OFF && secure
                ? new SharedConnections(
                        setup.apply(session -> new PausableSession(session, reads, ReadEvents.BUFFER)), nanoTime)
                : null;
    }

    private Decorator<IOSession> http1(int piece) {
        return session -> new PausableSession(session, reads, piece, tlsEnds::isTruncated);
    }

    /** Starts the reactor threads. */
    public void start() {
        streams.start();
        others.start();
        if (shared != null) {
            shared.start();
        }
    }

    /**
     * Sends a request. Reports its end to {@code callback}, and also to the consumer if that has begun; the end of a
     * cancelled exchange may be reported to neither.
     *
     * <p>Over HTTP/2, a request that the upstream has not started on is sent again up to twice, if the producer is
     * repeatable. As long as nothing of it was sent, it moves to another connection when its own ends, up to three
     * times. If one of the three parts throws anything but an {@link HttpException} or an {@link IOException}, the exchange
     * fails with an {@link ExchangeFaultException}.
     *
     * @param streams whether an event stream was requested
     * @return the exchange, which may have failed already
     */
    public UpstreamExchange execute(
            boolean streams,
            AsyncRequestProducer request,
            AsyncResponseConsumer<Void> response,
            FutureCallback<Void> callback) {
        var guarded = new GuardedExchange(request, response, callback);
        var producer = guarded.request();
        var handle = new UpstreamExchange(producer::releaseResources);
        var exchange =
                new PendingExchange(streams, producer, guarded.response(), guarded.end(), handle, this::overHttp1);
        addresses.whenKnown(() -> begin(exchange));
        return handle;
    }

    /** Checks connections that many exchanges share; to be called a few times a second. */
    public void tidy() {
        streams.tidy();
        others.tidy();
        if (shared != null) {
            shared.tidy();
        }
    }

    public HttpHost host() {
        return host;
    }

    /**
     * Runs a task, once, when everything that the reactor has just read is passed on; at once outside of such a read.
     */
    public Executor afterRead() {
        return reads;
    }

    public int leased() {
        return streams.leased() + others.leased() + (shared == null ? 0 : shared.busy());
    }

    public int idle() {
        return streams.idle() + others.idle() + (shared == null ? 0 : shared.idle());
    }

    /** Closes every connection and waits for the reactor threads to end, up to 5 s for each kind of connection. */
    @Override
    public void close() {
        closing = true;
        streams.close();
        others.close();
        if (shared != null) {
            shared.close();
        }
        try {
            streams.awaitEnd(CLOSE_WAIT);
            others.awaitEnd(CLOSE_WAIT);
            if (shared != null) {
                shared.awaitEnd(CLOSE_WAIT);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(PendingExchange exchange) {
        if (!exchange.handle().takeUp()) {
            return;
        }
        try {
            if (shared != null && http2.carries(exchange.streams())) {
                shared.execute(exchange);
            } else {
                overHttp1(exchange);
            }
        } catch (RuntimeException closed) {
            exchange.end().failed(closed);
        } catch (Error fault) {
            exchange.end().failed(new ExchangeFaultException(fault));
        }
    }

    private void overHttp1(PendingExchange exchange) {
        (exchange.streams() ? streams : others).execute(exchange);
    }

    /** A reactor that is closed while it selects throws when it ends (HttpCore 5.4.4); that is not a fault. */
    private void faultInReactor(Exception fault) {
        if (closing) {
            LOG.debug("The reactor ended", fault);
        } else {
            LOG.error("A fault reached the reactor", fault);
        }
    }

    /** How TLS to the upstream is negotiated and verified. */
    private static final class UpstreamTls {
        private UpstreamTls() {}

        static TlsStrategy strategy(boolean secure, TlsEnds ends) {
            return secure ? verifying(ends) : UpstreamTls::refuse;
        }

        /** TLS 1.2 or 1.3, for HTTP/1.1, within {@code handshakeTimeout}. */
        static TlsConfig config(Timeout handshakeTimeout) {
            return TlsConfig.custom()
                    .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                    .setSupportedProtocols("TLSv1.3", "TLSv1.2")
                    .setHandshakeTimeout(handshakeTimeout)
                    .build();
        }

        private static TlsStrategy verifying(TlsEnds ends) {
            return ends.watching(ClientTlsStrategyBuilder.create()
                    .useSystemProperties()
                    .setHostVerificationPolicy(HostnameVerificationPolicy.BOTH)
                    .setHostnameVerifier(new UpstreamIdentity())
                    .setSslBufferMode(SSLBufferMode.DYNAMIC)
                    .buildAsync());
        }

        private static boolean refuse(
                TransportSecurityLayer session,
                HttpHost host,
                SocketAddress local,
                SocketAddress remote,
                Object attachment,
                Timeout wait) {
            throw new IllegalStateException("TLS with a plain upstream");
        }

        /**
         * Decides after the handshake, before a request is sent, whether the upstream is the intended one. It checks the name
         * (RFC 9110, section 4.3.4), and requires keys and signatures that cannot be forged. Java's own constraints accept RSA
         * keys of 1024 bits, and SHA-1 from an authority that is not shipped with Java. Immutable; thread-safe.
         */
        private static final class UpstreamIdentity implements HostnameVerifier {
            /** NIST SP 800-57 part 1, table 2: 112 bits of security. */
            private static final int SHORTEST_RSA_KEY = 2048;

            private final HostnameVerifier names = HttpsSupport.getDefaultHostnameVerifier();

            @Override
            public boolean verify(String host, SSLSession session) {
                try {
                    var weakness = weakness(session.getPeerCertificates());
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

    /**
     * Knows whether a TLS connection ended with close_notify. Without it the end of the TCP connection may have been
     * forged, and a body that only the end of the connection delimits is incomplete (RFC 8446, section 6.1; RFC 9112,
     * section 9.8). HttpCore 5.4.4 reports both ends alike; only the engine of a connection distinguishes them.
     * Thread-safe.
     */
    static final class TlsEnds {
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
                var details = verified == null
                        ? new TlsDetails(engine.getSession(), engine.getApplicationProtocol())
                        : verified;
                engines.put(details, engine);
                return details;
            };
        }

        /**
         * A TLS strategy whose verifiers are wrapped; everything else is delegated to the strategy. HttpClient 5.6.5 passes
         * the engine of a connection to nothing else that an application provides. It ignores the factory of {@code
         * ClientTlsStrategyBuilder}, and the constructor that accepts a factory gives up the host verification by Java's
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

    /**
     * An exchange as connections of both protocols get it. Thread-safe, as its parts are.
     *
     * @param streams whether an event stream was requested
     * @param end receives the end
     * @param handle what the caller cancels it with
     * @param http1 makes it over HTTP/1.1
     */
    record PendingExchange(
            boolean streams,
            AsyncRequestProducer request,
            AsyncResponseConsumer<Void> response,
            FutureCallback<Void> end,
            UpstreamExchange handle,
            Consumer<PendingExchange> http1)
            implements StreamExchange {
        @Override
        public boolean carriedBy(Runnable cancellation) {
            return handle.shares(cancellation);
        }

        @Override
        public void overHttp1() {
            http1.accept(this);
        }
    }
}
