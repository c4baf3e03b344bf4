package dev.warder.testkit;

import java.net.URI;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty as an HTTP/2 upstream behind TLS on a free port of 127.0.0.1: somebody else's idea of the protocol. Thread-safe. */
public final class Http2Jetty implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector;

    private Http2Jetty(TestCertificate certificate, Handler handler) {
        var tls = new SslContextFactory.Server();
        tls.setSslContext(certificate.serverContext());
        var configuration = new HttpConfiguration();
        var alpn = new ALPNServerConnectionFactory();
        var http2 = new HTTP2ServerConnectionFactory(configuration);
        // By default Jetty ends a connection on which more than 128 window updates a second come late, which no client
        // can help when many streams end at once.
        http2.setRateControlFactory(new RateControl.Factory() {});
        connector = new ServerConnector(
                server,
                new SslConnectionFactory(tls, alpn.getProtocol()),
                alpn,
                http2,
                new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(handler);
    }

    /** Starts one that answers by this handler. */
    public static Http2Jetty start(TestCertificate certificate, Handler handler) throws Exception {
        var jetty = new Http2Jetty(certificate, handler);
        jetty.server.start();
        return jetty;
    }

    /** The address for {@code upstream.url}. */
    public URI uri() {
        return URI.create("https://127.0.0.1:" + connector.getLocalPort());
    }

    /** How many connections are open. */
    public int connections() {
        return connector.getConnectedEndPoints().size();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }
}
