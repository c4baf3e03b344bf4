package dev.warder.upstream;

import java.util.concurrent.ThreadFactory;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.function.Callback;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes HTTP clients for a few exchanges with a service of the operator, such as a token endpoint or a collector. A client is
 * closed afterwards, since a connection that is kept for a minute would be dead. It speaks HTTP/1.1, follows no redirect, repeats
 * nothing and keeps neither cookies nor credentials.
 */
public final class ShortLivedClient {
    private static final Timeout CONNECT = Timeout.ofSeconds(3);

    private ShortLivedClient() {}

    /**
     * A client that is to be started, used and closed.
     *
     * @param threads makes its threads
     * @param faults receives what ends its reactor; a reactor reports its own closing too
     */
    public static CloseableHttpAsyncClient create(ThreadFactory threads, Callback<Exception> faults) {
        var connections = PoolingAsyncClientConnectionManagerBuilder.create()
                .setTlsStrategy(
                        ClientTlsStrategyBuilder.create().useSystemProperties().buildAsync())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setHandshakeTimeout(CONNECT)
                        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                        .build())
                .setDefaultConnectionConfig(
                        ConnectionConfig.custom().setConnectTimeout(CONNECT).build())
                .build();
        return HttpAsyncClientBuilder.create()
                .setConnectionManager(connections)
                .setThreadFactory(threads)
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build())
                .setIoReactorExceptionCallback(faults)
                .setUserAgent("warder")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }
}
