package dev.warder.upstream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.function.Callback;
import org.apache.hc.core5.function.Decorator;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.impl.nio.ClientH2PrefaceHandler;
import org.apache.hc.core5.http2.impl.nio.ClientH2StreamMultiplexerFactory;
import org.apache.hc.core5.http2.impl.nio.ProtocolNegotiationException;
import org.apache.hc.core5.http2.protocol.H2ResponseConformance;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/2 connections to the one upstream, each shared by many calls. HttpClient 5.6.5 cannot do it: where its pool
 * shares connections, the failure or cancel of one exchange closes the connection under all others, and nobody minds how
 * many streams the upstream takes. So this stands on HttpCore, and leaves an upstream that chooses HTTP/1.1 to HttpClient.
 *
 * <p>Thread-safe.
 */
final class SharedConnections {
    private static final Logger LOG = LoggerFactory.getLogger(SharedConnections.class);
    private static final int LARGEST_FRAME = 16 * 1024;
    private static final int HEAD_LIMIT = 256 * 1024;
    private static final int HTTPS_PORT = 443;
    private static final CharCodingConfig CHARSET =
            CharCodingConfig.custom().setCharset(StandardCharsets.ISO_8859_1).build();

    /** How long HTTP/1.1 is spoken before HTTP/2 is offered again. */
    private static final long HTTP1_NANOS = 600_000_000_000L;

    private static final H2Config CONFIG = H2Config.custom()
            .setPushEnabled(false)
            .setInitialWindowSize(StreamWindow.SIZE)
            .setMaxFrameSize(LARGEST_FRAME)
            .setMaxHeaderListSize(HEAD_LIMIT)
            .build();

    private static final HttpProcessor PROCESSOR = HttpProcessorBuilder.create()
            .add((HttpRequestInterceptor) SharedConnections::declareLength)
            .add(H2ResponseConformance.INSTANCE)
            .build();

    private final ReentrantLock lock = new ReentrantLock();
    private final List<SharedConnection> connections = new CopyOnWriteArrayList<>();
    private final HttpHost host;
    private final DnsResolver addresses;
    private final TlsStrategy tls;
    private final TlsConfig tlsConfig;
    private final Timeout connectTimeout;
    private final Consumer<SharedCall> overHttp1;
    private final LongSupplier nanoTime;
    private final DefaultConnectingIOReactor reactor;
    private volatile @Nullable Long http1Since;

    /**
     * @param addresses tells where the host is, without blocking
     * @param overHttp1 makes the calls for which the upstream chose HTTP/1.1
     * @param sessions makes what is told of one read reach a client in one write
     * @param faults is told what reaches the reactor
     */
    SharedConnections(
            HttpHost host,
            DnsResolver addresses,
            TlsStrategy tls,
            TlsConfig tlsConfig,
            Timeout connectTimeout,
            IOReactorConfig reactorConfig,
            ThreadFactory threads,
            Decorator<IOSession> sessions,
            Callback<Exception> faults,
            Consumer<SharedCall> overHttp1,
            LongSupplier nanoTime) {
        this.host = host;
        this.addresses = addresses;
        this.tls = tls;
        this.tlsConfig = TlsConfig.copy(tlsConfig)
                .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
                .build();
        this.connectTimeout = connectTimeout;
        this.overHttp1 = overHttp1;
        this.nanoTime = nanoTime;
        reactor = new DefaultConnectingIOReactor(
                (session, connection) -> handler((SharedConnection) connection, session),
                reactorConfig,
                threads,
                sessions,
                faults,
                null,
                ShutdownCommand.GRACEFUL_IMMEDIATE_CALLBACK);
    }

    void start() {
        reactor.start();
    }

    /** Makes a call, on a connection with room or on a new one. */
    void execute(SharedCall call) {
        var since = http1Since;
        if (since != null && now() - since < HTTP1_NANOS) {
            overHttp1.accept(call);
            return;
        }
        SharedStream stream;
        lock.lock();
        try {
            stream = place(call);
            call.handle().shares(stream);
        } finally {
            lock.unlock();
        }
        if (call.handle().isCancelled()) {
            stream.cancel();
        }
        stream.connection().beginWaiting();
    }

    /** Makes a connection; a failure is told to {@link SharedConnection#lost}, at once or later. */
    void connect(SharedConnection connection) {
        try {
            connect(connection, addresses.resolve(host.getHostName()), 0);
        } catch (UnknownHostException | RuntimeException notMade) {
            connection.lost(notMade);
        }
    }

    /** One address after the other, until one takes the connection. */
    @SuppressWarnings("FutureReturnValueIgnored") // The callback is told, and nobody takes a connection back.
    private void connect(SharedConnection connection, InetAddress[] all, int next) {
        int port = host.getPort() < 0 ? HTTPS_PORT : host.getPort();
        var address = new InetSocketAddress(all[next], port);
        Consumer<Exception> failed =
                next + 1 < all.length ? cause -> connect(connection, all, next + 1) : connection::lost;
        reactor.connect(host, address, null, connectTimeout, connection, making(connection, () -> {}, failed));
    }

    void forget(SharedConnection connection) {
        connections.remove(connection);
    }

    /** Looks after all connections. */
    void tidy() {
        long now = now();
        connections.forEach(connection -> connection.tidy(now));
    }

    int busy() {
        return (int) connections.stream().filter(SharedConnection::isBusy).count();
    }

    int idle() {
        return connections.size() - busy();
    }

    /** Closes every connection. */
    void close() {
        reactor.close(CloseMode.IMMEDIATE);
    }

    /** Waits until the reactor threads have ended, or for so long. */
    void awaitEnd(Timeout wait) throws InterruptedException {
        reactor.awaitShutdown(wait);
    }

    long now() {
        return nanoTime.getAsLong();
    }

    @GuardedBy("lock")
    private SharedStream place(SharedCall call) {
        for (var connection : connections) {
            var stream = connection.take(call);
            if (stream != null) {
                return stream;
            }
        }
        var fresh = new SharedConnection(this, now());
        connections.add(fresh);
        return Objects.requireNonNull(fresh.take(call));
    }

    private IOEventHandler handler(SharedConnection connection, ProtocolIOSession session) {
        var handshake = tlsConfig.getHandshakeTimeout();
        connection.connected(session, handshake);
        tls.upgrade(session, host, tlsConfig, handshake, making(connection, connection::secured));
        var streams =
                new ClientH2StreamMultiplexerFactory(PROCESSOR, null, CONFIG, CHARSET, new FrameWatch(connection));
        return new ClientH2PrefaceHandler(session, streams, true, making(connection, () -> {}), null);
    }

    private <T> FutureCallback<T> making(SharedConnection connection, Runnable next) {
        return making(connection, next, connection::lost);
    }

    private <T> FutureCallback<T> making(SharedConnection connection, Runnable next, Consumer<Exception> failed) {
        return new FutureCallback<>() {
            @Override
            public void completed(T made) {
                next.run();
            }

            @Override
            public void failed(Exception cause) {
                if (cause instanceof ProtocolNegotiationException) {
                    goesOverHttp1(connection);
                } else {
                    failed.accept(cause);
                }
            }

            @Override
            public void cancelled() {
                connection.lost(new ConnectionClosedException());
            }
        };
    }

    private void goesOverHttp1(SharedConnection connection) {
        LOG.info("The upstream chose HTTP/1.1");
        http1Since = now();
        connection.leave().forEach(overHttp1);
    }

    /** HttpCore leaves the length out in HTTP/2; with it, the upstream can refuse a large body at once. */
    private static void declareLength(HttpRequest request, @Nullable EntityDetails content, HttpContext context) {
        if (content != null && content.getContentLength() >= 0) {
            request.setHeader(HttpHeaders.CONTENT_LENGTH, content.getContentLength());
        }
    }
}
