package dev.warder.upstream;

import dev.warder.upstream.h2.ConnectionSetup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/1.1 connections to all origins with buffers of one size. Each connection is used by one exchange at a time.
 * Thread-safe.
 */
final class Http1Connections {
    private static final String EXCHANGE = UpstreamExchange.class.getName();
    private static final String HAD_USER_AGENT = "had-user-agent";

    private static final int HEAD_LINE_LIMIT = 64 * 1024;
    private static final int HEAD_FIELDS_LIMIT = 500;
    private static final TimeValue IDLE = TimeValue.ofSeconds(50);

    private final PoolingAsyncClientConnectionManager connections;
    private final CloseableHttpAsyncClient client;

    /**
     * @param buffer bytes of each of the three buffers that a connection has from its beginning to its end; those of
     *     heads and requests grow
     * @param gathered smaller pieces of a request, in bytes, are sent together with its head, in one packet; the buffer
     *     of requests grows by them
     * @param reads receives the end of each response
     */
    Http1Connections(ConnectionSetup setup, int buffer, int gathered, ReadEvents reads) {
        connections = PoolingAsyncClientConnectionManagerBuilder.create()
                .setTlsStrategy(setup.tls())
                .setDefaultTlsConfig(setup.tlsConfig())
                .setDnsResolver(setup.addresses())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(setup.connectTimeout())
                        .setSocketTimeout(Timeout.DISABLED)
                        .setIdleTimeout(Timeout.of(IDLE.getDuration(), IDLE.getTimeUnit()))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setMaxConnPerRoute(Integer.MAX_VALUE)
                .build();
        client = HttpAsyncClientBuilder.create()
                .setConnectionManager(connections)
                .setThreadFactory(setup.reactor().threads())
                .setIOReactorConfig(setup.reactor().config())
                .setIoSessionDecorator(setup.reactor().sessions())
                .setIoReactorExceptionCallback(setup.reactor().faults())
                .setHttp1Config(Http1Config.custom()
                        .setBufferSize(buffer)
                        .setChunkSizeHint(gathered)
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
                // The client's own part of this place would look for its own credentials in each request and response.
                .replaceExecInterceptor(ChainElement.PROTOCOL.name(), (request, body, scope, chain, callback) -> {
                    ((UpstreamExchange) scope.clientContext.getAttribute(EXCHANGE)).acquiring(scope.execRuntime);
                    chain.proceed(request, body, scope, new ResponseEnd(callback, reads));
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

    void start() {
        client.start();
    }

    void execute(HttpHost host, GuardedExchange exchange) {
        var context = HttpClientContext.create();
        context.setAttribute(EXCHANGE, exchange.handle);
        exchange.handle.started(
                client.execute(host, exchange.request(), exchange.response(), null, context, exchange.end()));
    }

    /**
     * Closes connections that were idle for too long or were closed by the upstream: the pool checks only those that it
     * hands out.
     */
    void tidy() {
        connections.closeExpired();
        connections.closeIdle(IDLE);
    }

    int leased() {
        return connections.getTotalStats().getLeased();
    }

    int idle() {
        return connections.getTotalStats().getAvailable();
    }

    void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    /** Waits at most this long until the reactor threads have ended. */
    void awaitEnd(Timeout wait) throws InterruptedException {
        client.awaitShutdown(wait);
    }

    /**
     * An exchange whose connection is released only after everything that arrived with the end of its response was
     * processed.
     */
    record ResponseEnd(AsyncExecCallback callback, ReadEvents reads) implements AsyncExecCallback {
        @Override
        public @Nullable AsyncDataConsumer handleResponse(HttpResponse response, @Nullable EntityDetails entity)
                throws HttpException, IOException {
            return callback.handleResponse(response, entity);
        }

        @Override
        public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
            callback.handleInformationResponse(response);
        }

        @Override
        public void completed() {
            reads.responseEnded(callback::completed);
        }

        @Override
        public void failed(Exception cause) {
            callback.failed(cause);
        }
    }
}
