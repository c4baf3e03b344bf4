package dev.warder.upstream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.upstream.UpstreamSettings.Http2;
import dev.warder.upstream.h2.ConnectionSetup;
import dev.warder.upstream.h2.SharedConnections;
import dev.warder.upstream.h2.SharedReactor;
import dev.warder.upstream.h2.StreamExchange.ExchangeFaultException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.function.Decorator;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client of the upstream, which may have several origins; they share the reactor threads, and each has its own choice of
 * HTTP/2, addresses (by the name of its host) and connections (by scheme, host and port). It follows no redirect, keeps no cookie, adds no field of its own but Host and
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

    /** A connection's buffer would keep the bytes of the request as long as its stream is open. */
    private static final int STREAM_GATHERED = 0;

    /** Other responses are short and arrive at once. */
    private static final int BUFFER = 4 * 1024;

    private static final int GATHERED = 8 * 1024;

    private final Timeout connectTimeout;
    private final ThreadFactory threads;
    private final HostAddresses.Lookup lookup;
    private final LongSupplier nanoTime;
    private final Outbound outbound;
    private final UpstreamTls tls;
    private final ReadEvents reads = new ReadEvents();
    private final Map<String, HostAddresses> addresses = new ConcurrentHashMap<>();
    private final Http1Connections streams;
    private final Http1Connections others;

    /** The origins that have HTTP/2 connections, and the first one. */
    private final CopyOnWriteArrayList<Origin> origins = new CopyOnWriteArrayList<>();

    private final Origin first;

    /** Null as long as no origin may use HTTP/2. */
    @GuardedBy("this")
    private @Nullable SharedReactor shared;

    @GuardedBy("this")
    private boolean started;

    private volatile boolean closing;

    /** Sends requests to one origin. */
    public interface Sender {
        HttpHost host();

        /**
         * Sends a request.
         *
         * @param streams whether an event stream was requested
         * @return the exchange, which may have failed already
         */
        UpstreamExchange execute(
                boolean streams,
                AsyncRequestProducer request,
                AsyncResponseConsumer<Void> response,
                FutureCallback<Void> callback);
    }

    /**
     * Makes a client with one origin.
     *
     * @param url where the upstream is; only scheme, host and port count here
     * @param connectTimeout for the connection, and again for the TLS handshake
     * @param http2 which exchanges may use HTTP/2 to an upstream with TLS; to one without TLS, exchanges always use HTTP/1.1
     * @param outbound the way to all origins
     * @param threads makes the reactor threads and those that look names up; they must carry the application's context
     *     class loader
     * @param nanoTime a clock that never goes back
     */
    public UpstreamClient(
            URI url,
            Duration connectTimeout,
            Http2 http2,
            Outbound outbound,
            ThreadFactory threads,
            LongSupplier nanoTime) {
        this(url, connectTimeout, http2, outbound, threads, InetAddress::getAllByName, nanoTime);
    }

    UpstreamClient(
            URI url,
            Duration connectTimeout,
            Http2 http2,
            Outbound outbound,
            ThreadFactory threads,
            HostAddresses.Lookup lookup,
            LongSupplier nanoTime) {
        this.connectTimeout = Timeout.of(connectTimeout);
        this.outbound = outbound;
        this.tls = new UpstreamTls(outbound);
        this.threads = threads;
        this.lookup = lookup;
        this.nanoTime = nanoTime;
        ServiceClient.silenceLoggers();
        loadTls(url);
        Decorator<IOSession> http1 = session -> new PausableSession(session, reads, tls::isTruncated);
        streams = new Http1Connections(setup(http1), STREAM_BUFFER, STREAM_GATHERED, reads);
        others = new Http1Connections(setup(http1), BUFFER, GATHERED, reads);
        first = add(url, http2);
    }

    /**
     * Adds an origin, also while the client runs. One that is not used any more is forgotten with its last connection.
     *
     * @throws IllegalStateException after {@link #close}
     */
    public synchronized Origin add(URI url, Http2 http2) {
        if (closing) {
            throw new IllegalStateException("the client is closed");
        }
        var host = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
        var connections = Optional.<SharedConnections>empty();
        if (loadTls(url) && http2 != Http2.OFF) {
            var reactor = shared;
            if (reactor == null) {
                reactor = new SharedReactor(setup(session -> new PausableSession(session, reads, ended -> false)));
                shared = reactor;
                if (started) {
                    reactor.start();
                }
            }
            connections = Optional.of(new SharedConnections(host, reactor, nanoTime));
        }
        var known = addresses.computeIfAbsent(
                outbound.firstHop(host).getHostName().toLowerCase(Locale.ROOT),
                name -> new HostAddresses(
                        name, lookup, task -> threads.newThread(task).start(), nanoTime));
        return new Origin(host, known, http2, connections);
    }

    /** Whether the URL has TLS, whose trust store is read then. */
    private boolean loadTls(URI url) {
        boolean secure = url.getScheme().equalsIgnoreCase("https");
        if (secure) {
            tls.load();
        }
        return secure;
    }

    private ConnectionSetup setup(Decorator<IOSession> sessions) {
        return new ConnectionSetup(
                new Names(),
                tls,
                UpstreamTls.config(connectTimeout),
                connectTimeout,
                new ConnectionSetup.Reactor(REACTOR, threads, sessions, this::faultInReactor));
    }

    /** Starts the reactor threads. */
    public synchronized void start() {
        started = true;
        streams.start();
        others.start();
        var reactor = shared;
        if (reactor != null) {
            reactor.start();
        }
    }

    /** The first origin, which is there from the beginning. */
    public Origin origin() {
        return first;
    }

    /** Checks connections that many exchanges share; to be called a few times a second. */
    public void tidy() {
        streams.tidy();
        others.tidy();
        http2().forEach(SharedConnections::tidy);
        for (var origin : origins) {
            var connections = origin.http2Connections.orElseThrow();
            if (origin != first && connections.isEmpty() && origins.remove(origin) && !connections.isEmpty()) {
                // One was begun at this moment.
                origins.addIfAbsent(origin);
            }
        }
    }

    /**
     * Runs a task, once, when everything that the reactor has just read is passed on; at once outside of such a read.
     */
    public Executor afterRead() {
        return reads;
    }

    public int leased() {
        return streams.leased()
                + others.leased()
                + http2().mapToInt(SharedConnections::busy).sum();
    }

    public int idle() {
        return streams.idle()
                + others.idle()
                + http2().mapToInt(SharedConnections::idle).sum();
    }

    private Stream<SharedConnections> http2() {
        return origins.stream().flatMap(origin -> origin.http2Connections.stream());
    }

    /** Closes every connection and waits for the reactor threads to end, up to 5 s for each kind of connection. */
    @Override
    public void close() {
        SharedReactor reactor;
        synchronized (this) {
            closing = true;
            reactor = shared;
        }
        streams.close();
        others.close();
        if (reactor != null) {
            reactor.close();
        }
        try {
            streams.awaitEnd(CLOSE_WAIT);
            others.awaitEnd(CLOSE_WAIT);
            if (reactor != null) {
                reactor.awaitEnd(CLOSE_WAIT);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** A reactor that is closed while it selects throws when it ends (HttpCore 5.4.4); that is not a fault. */
    private void faultInReactor(Exception fault) {
        if (closing) {
            LOG.debug("The reactor ended", fault);
        } else {
            LOG.error("A fault reached the reactor", fault);
        }
    }

    /** One place that requests are sent to. Thread-safe. */
    public final class Origin implements Sender {
        private final HttpHost host;
        private final HostAddresses known;
        private final Http2 http2;
        private final Optional<SharedConnections> http2Connections;

        private Origin(HttpHost host, HostAddresses known, Http2 http2, Optional<SharedConnections> http2Connections) {
            this.host = host;
            this.known = known;
            this.http2 = http2;
            this.http2Connections = http2Connections;
        }

        @Override
        public HttpHost host() {
            return host;
        }

        /**
         * Sends a request. Reports its end to {@code callback}, and also to the consumer if that has begun; the end of a
         * cancelled exchange may be reported to neither.
         *
         * <p>Over HTTP/2, a request that the upstream has not started on is sent again up to twice, if the producer is
         * repeatable. As long as nothing of it was sent, it moves to another connection when its own ends, up to three
         * times. If one of the three parts throws anything but an {@link HttpException} or an {@link IOException}, the
         * exchange fails with an {@link ExchangeFaultException}.
         */
        @Override
        public UpstreamExchange execute(
                boolean streams,
                AsyncRequestProducer request,
                AsyncResponseConsumer<Void> response,
                FutureCallback<Void> callback) {
            var exchange = new GuardedExchange(this, streams, request, response, callback);
            known.whenKnown(() -> begin(exchange));
            return exchange.handle;
        }

        private void begin(GuardedExchange exchange) {
            if (!exchange.handle.takeUp()) {
                return;
            }
            try {
                if (http2Connections.isPresent() && http2.carries(exchange.streams)) {
                    http2Connections.get().execute(exchange);
                    // After that: one without a connection is forgotten.
                    origins.addIfAbsent(this);
                } else {
                    overHttp1(exchange);
                }
            } catch (RuntimeException closed) {
                exchange.end().failed(closed);
            } catch (Error fault) {
                exchange.end().failed(new ExchangeFaultException(fault));
            }
        }

        void overHttp1(GuardedExchange exchange) {
            (exchange.streams ? streams : others).execute(host, exchange);
        }

        /** The cause by which a failure of an exchange is reported. */
        Exception named(Exception cause) {
            return outbound.named(host.getHostName(), cause);
        }
    }

    /** The addresses of all origins, or of the proxy, by the names of their hosts. */
    private final class Names implements DnsResolver {
        @Override
        public List<InetSocketAddress> resolve(String name, int port) throws UnknownHostException {
            var hop = outbound.firstHop(new HttpHost(name, port));
            return Arrays.stream(resolve(hop.getHostName()))
                    .map(address -> new InetSocketAddress(address, hop.getPort()))
                    .toList();
        }

        @Override
        public InetAddress[] resolve(String name) throws UnknownHostException {
            var known = addresses.get(name.toLowerCase(Locale.ROOT));
            if (known == null) {
                throw new UnknownHostException(name);
            }
            return known.resolve();
        }

        @Override
        public String resolveCanonicalHostname(String name) {
            return name;
        }
    }
}
