package dev.warder.upstream;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client of the one upstream. It follows no redirect, keeps no cookie, adds no field of its own but Host and framing,
 * decodes nothing and repeats nothing: all of that is decided elsewhere. Its time-outs cover the connection only; how long
 * an answer may take is the exchange's business.
 *
 * <p>Thread-safe. Callbacks run on its reactor threads, one thread at a time for one call.
 */
public final class UpstreamClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamClient.class);

    /**
     * HttpClient's own logs of fields and bytes, which would hold credentials and prompts. They stay off whatever level
     * their parents get; held here because the logging framework itself keeps no logger.
     */
    private static final List<java.util.logging.Logger> SILENT = Stream.of(
                    "org.apache.hc.client5.http.headers", "org.apache.hc.client5.http.wire")
            .map(java.util.logging.Logger::getLogger)
            .toList();

    private static final IOReactorConfig REACTOR = IOReactorConfig.custom()
            .setSoTimeout(Timeout.DISABLED)
            .setTcpNoDelay(true)
            .setSoKeepAlive(true)
            .build();

    private static final String CALL = UpstreamCall.class.getName();
    private static final String HAD_USER_AGENT = "had-user-agent";
    private static final Timeout CLOSE_WAIT = Timeout.ofSeconds(5);
    /** Of three buffers that each connection has from its beginning to its end; those of heads and requests grow. */
    private static final int BUFFER = 1536;

    /** Smaller pieces of a request go out together with its head, in one packet. */
    private static final int GATHERED = 8 * 1024;

    private static final int HEAD_LINE_LIMIT = 64 * 1024;
    private static final int HEAD_FIELDS_LIMIT = 500;

    private final HttpHost host;
    private final HostAddresses addresses;
    private final PoolingAsyncClientConnectionManager connections;
    private final CloseableHttpAsyncClient client;
    private final @Nullable SharedConnections shared;
    private final ReadEvents reads = new ReadEvents();
    private volatile boolean closing;

    /**
     * @param url where the upstream is; only scheme, host and port count here
     * @param connectTimeout for the connection, and again for the TLS handshake
     * @param http2 whether HTTP/2 is offered to an upstream behind TLS (ALPN); a plain one is always spoken to in HTTP/1.1
     * @param threads makes the reactor threads; they must carry the application's context class loader
     * @param nanoTime a clock that never goes back
     */
    public UpstreamClient(
            URI url, Duration connectTimeout, boolean http2, ThreadFactory threads, LongSupplier nanoTime) {
        SILENT.forEach(logger -> logger.setLevel(Level.OFF));
        host = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
        addresses = new HostAddresses(
                host.getHostName(),
                InetAddress::getAllByName,
                lookup -> threads.newThread(lookup).start(),
                nanoTime);
        var tls = ClientTlsStrategyBuilder.create()
                .useSystemProperties()
                .setSslBufferMode(SSLBufferMode.DYNAMIC)
                .buildAsync();
        var timeout = Timeout.of(connectTimeout);
        connections = connections(tls, addresses, timeout);
        client = client(connections, threads);
        shared = http2 && url.getScheme().equals("https")
                ? new SharedConnections(
                        host,
                        tls,
                        tlsConfig(timeout),
                        timeout,
                        REACTOR,
                        threads,
                        session -> new PausableSession(session, reads),
                        this::faultInReactor,
                        this::overHttp1,
                        nanoTime)
                : null;
    }

    /** Starts the reactor threads. */
    public void start() {
        client.start();
        if (shared != null) {
            shared.start();
        }
    }

    /**
     * Sends a request. Its end is told to {@code callback}, and to the consumer too where that has begun; the end of a
     * cancelled call perhaps to nobody. Over HTTP/2 a request that the upstream has not started on is sent up to twice
     * again, if nothing of it was sent or the producer is repeatable.
     *
     * @return the call, which may have failed already
     */
    public UpstreamCall execute(
            AsyncRequestProducer request, AsyncResponseConsumer<Void> answer, FutureCallback<Void> callback) {
        var call = new SharedCall(request, answer, new UpstreamCall(), callback, 0);
        addresses.whenKnown(() -> begin(call));
        return call.handle();
    }

    /** Looks after connections that many calls share; to be called a few times a second. */
    public void tidy() {
        if (shared != null) {
            shared.tidy();
        }
    }

    /** The host that all requests go to. */
    public HttpHost host() {
        return host;
    }

    /** Runs a task, once, when all that the reactor has just read is handed over; at once outside of such a read. */
    public Executor afterRead() {
        return reads;
    }

    /** How many connections are in use by calls. */
    public int leased() {
        return connections.getTotalStats().getLeased() + (shared == null ? 0 : shared.busy());
    }

    /** How many connections are open and idle. */
    public int idle() {
        return connections.getTotalStats().getAvailable() + (shared == null ? 0 : shared.idle());
    }

    /** Closes every connection and waits up to 5 s for the reactor threads to end. */
    @Override
    public void close() {
        closing = true;
        client.close(CloseMode.IMMEDIATE);
        try {
            client.awaitShutdown(CLOSE_WAIT);
            if (shared != null) {
                shared.close(CLOSE_WAIT);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(SharedCall call) {
        try {
            if (shared != null) {
                shared.execute(call);
            } else {
                overHttp1(call);
            }
        } catch (RuntimeException closed) {
            call.end().failed(closed);
        }
    }

    private void overHttp1(SharedCall call) {
        var context = HttpClientContext.create();
        context.setAttribute(CALL, call.handle());
        call.handle().started(client.execute(host, call.request(), call.answer(), null, context, call.end()));
    }

    /** A reactor that is closed while it selects throws on its way out (HttpCore 5.4.4); that is no fault. */
    private void faultInReactor(Exception fault) {
        if (closing) {
            LOG.debug("The reactor ended", fault);
        } else {
            LOG.error("A fault reached the reactor", fault);
        }
    }

    private static TlsConfig tlsConfig(Timeout connectTimeout) {
        return TlsConfig.custom()
                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                .setSupportedProtocols("TLSv1.3", "TLSv1.2")
                .setHandshakeTimeout(connectTimeout)
                .build();
    }

    private static PoolingAsyncClientConnectionManager connections(
            TlsStrategy tls, DnsResolver addresses, Timeout connectTimeout) {
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setTlsStrategy(tls)
                .setDnsResolver(addresses)
                .setDefaultTlsConfig(tlsConfig(connectTimeout))
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connectTimeout)
                        .setSocketTimeout(Timeout.DISABLED)
                        .setIdleTimeout(Timeout.ofSeconds(50))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setMaxConnPerRoute(Integer.MAX_VALUE)
                .build();
    }

    private CloseableHttpAsyncClient client(PoolingAsyncClientConnectionManager connections, ThreadFactory threads) {
        return HttpAsyncClientBuilder.create()
                .setConnectionManager(connections)
                .setThreadFactory(threads)
                .setIOReactorConfig(REACTOR)
                .setIoSessionDecorator(session -> new PausableSession(session, reads))
                .setIoReactorExceptionCallback(this::faultInReactor)
                .setHttp1Config(Http1Config.custom()
                        .setBufferSize(BUFFER)
                        .setChunkSizeHint(GATHERED)
                        .setMaxLineLength(HEAD_LINE_LIMIT)
                        .setMaxHeaderCount(HEAD_FIELDS_LIMIT)
                        .build())
                .setCharCodingConfig(CharCodingConfig.custom()
                        .setCharset(StandardCharsets.ISO_8859_1)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.DISABLED)
                        .setResponseTimeout(Timeout.DISABLED)
                        .setProtocolUpgradeEnabled(false)
                        .setExpectContinueEnabled(false)
                        .build())
                .addExecInterceptorFirst("call", (request, body, scope, chain, callback) -> {
                    ((UpstreamCall) scope.clientContext.getAttribute(CALL)).acquiring(scope.execRuntime);
                    chain.proceed(request, body, scope, callback);
                })
                .addRequestInterceptorFirst((request, entity, context) ->
                        context.setAttribute(HAD_USER_AGENT, request.containsHeader(HttpHeaders.USER_AGENT)))
                .addRequestInterceptorLast((request, entity, context) -> {
                    if (Boolean.FALSE.equals(context.getAttribute(HAD_USER_AGENT))) {
                        request.removeHeaders(HttpHeaders.USER_AGENT);
                    }
                })
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState()
                .disableContentCompression()
                .disableRequestPriority()
                .build();
    }
}
