package dev.warder.upstream;

import dev.warder.upstream.Outbound.ProxyException;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.jspecify.annotations.Nullable;

/** The tunnel of one connection through a proxy. Thread-safe. */
final class Tunnel {
    private final HttpHost proxy;
    private final byte[] request;
    private final boolean authenticates;
    private volatile @Nullable TunnelEngine engine;

    /**
     * @param proxy with the scheme {@code https} if TLS leads to it
     * @param request the whole head of the request to it
     */
    Tunnel(HttpHost proxy, byte[] request, boolean authenticates) {
        this.proxy = proxy;
        this.request = request;
        this.authenticates = authenticates;
    }

    /** A context that makes one engine, for the connection through the tunnel. */
    SSLContext over(SSLContext context) {
        return new SSLContext(new Engines(context), context.getProvider(), context.getProtocol()) {};
    }

    /** Receives the result of the handshake: a failure before the tunnel was open is the proxy's. */
    FutureCallback<TransportSecurityLayer> naming(FutureCallback<TransportSecurityLayer> callback) {
        return new FutureCallback<>() {
            @Override
            public void completed(TransportSecurityLayer secured) {
                callback.completed(secured);
            }

            @Override
            public void failed(Exception cause) {
                callback.failed(named(cause));
            }

            @Override
            public void cancelled() {
                callback.cancelled();
            }
        };
    }

    private Exception named(Exception cause) {
        var begun = engine;
        if (cause instanceof ProxyException || begun != null && begun.isOpen()) {
            return cause;
        }
        return cause instanceof InterruptedIOException
                ? new ProxyException("did not respond to CONNECT in time", true)
                : closedEarly();
    }

    static ProxyException closedEarly() {
        return new ProxyException("closed the connection before it responded to CONNECT", false);
    }

    private SSLEngine engine(SSLContext context, String host, int port) {
        var tunnel = new TunnelEngine(context.createSSLEngine(host, port), request, authenticates);
        engine = tunnel;
        if (proxy.getSchemeName().equals("http")) {
            return tunnel;
        }
        var secure = context.createSSLEngine(proxy.getHostName(), proxy.getPort());
        secure.setUseClientMode(true);
        var parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        return new LayeredEngine(tunnel, secure);
    }

    /** The part of a context that HttpCore uses; no other method is called. */
    private final class Engines extends SSLContextSpi {
        private final SSLContext context;

        Engines(SSLContext context) {
            this.context = context;
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return engine(context, host, port);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trusted, SecureRandom random) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context.getClientSessionContext();
        }
    }
}
