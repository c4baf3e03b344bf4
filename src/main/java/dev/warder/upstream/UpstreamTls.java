package dev.warder.upstream;

import java.net.SocketAddress;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;

/** How TLS to the upstream is negotiated and verified. */
final class UpstreamTls {
    private UpstreamTls() {}

    /** The strategy for an upstream with TLS; the other one refuses TLS. */
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

    /** An upstream without TLS needs no trust store, whose loading takes a twentieth of the start. */
    private static boolean refuse(
            TransportSecurityLayer session,
            HttpHost host,
            SocketAddress local,
            SocketAddress remote,
            Object attachment,
            Timeout wait) {
        throw new IllegalStateException("TLS with a plain upstream");
    }
}
