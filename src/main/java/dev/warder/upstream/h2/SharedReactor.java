package dev.warder.upstream.h2;

import dev.warder.upstream.h2.SharedStream.StreamWindow;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.config.H2Param;
import org.apache.hc.core5.http2.frame.FrameFlag;
import org.apache.hc.core5.http2.frame.FrameType;
import org.apache.hc.core5.http2.frame.RawFrame;
import org.apache.hc.core5.http2.impl.nio.ClientH2PrefaceHandler;
import org.apache.hc.core5.http2.impl.nio.ClientH2StreamMultiplexerFactory;
import org.apache.hc.core5.http2.impl.nio.H2StreamListener;
import org.apache.hc.core5.http2.impl.nio.ProtocolNegotiationException;
import org.apache.hc.core5.http2.protocol.H2ResponseConformance;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP/2 connections to all origins, with TCP, TLS with ALPN, and the preface, and runs them. Thread-safe.
 */
public final class SharedReactor {
    private static final int LARGEST_FRAME = 16 * 1024;
    private static final int HEAD_LIMIT = 256 * 1024;
    private static final int HTTPS_PORT = 443;
    private static final CharCodingConfig CHARSET =
            CharCodingConfig.custom().setCharset(StandardCharsets.ISO_8859_1).build();

    private static final H2Config CONFIG = H2Config.custom()
            .setPushEnabled(false)
            .setInitialWindowSize(StreamWindow.SIZE)
            .setMaxFrameSize(LARGEST_FRAME)
            .setMaxHeaderListSize(HEAD_LIMIT)
            .build();

    private static final HttpProcessor PROCESSOR = HttpProcessorBuilder.create()
            .add((HttpRequestInterceptor) SharedReactor::declareLength)
            .add(H2ResponseConformance.INSTANCE)
            .build();

    private final ConnectionSetup setup;
    private final TlsConfig tlsConfig;
    private final DefaultConnectingIOReactor reactor;

    public SharedReactor(ConnectionSetup setup) {
        this.setup = setup;
        this.tlsConfig = TlsConfig.copy(setup.tlsConfig())
                .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
                .build();
        reactor = new DefaultConnectingIOReactor(
                (session, connection) -> handler((SharedConnection) connection, session),
                setup.reactor().config(),
                setup.reactor().threads(),
                setup.reactor().sessions(),
                setup.reactor().faults(),
                null,
                ShutdownCommand.GRACEFUL_IMMEDIATE_CALLBACK);
    }

    /** Starts the reactor threads. */
    public void start() {
        reactor.start();
    }

    /** Makes a connection; reports a failure to {@link SharedConnection#lost}, at once or later. */
    void connect(SharedConnection connection) {
        try {
            var host = connection.owner.host;
            int port = host.getPort() < 0 ? HTTPS_PORT : host.getPort();
            connect(connection, setup.addresses().resolve(host.getHostName(), port), 0);
        } catch (UnknownHostException unknown) {
            connection.lost(unknown);
        }
    }

    public void close() {
        reactor.close(CloseMode.IMMEDIATE);
    }

    /** Waits at most this long until the reactor threads have ended. */
    public void awaitEnd(Timeout wait) throws InterruptedException {
        reactor.awaitShutdown(wait);
    }

    /** Tries one address after the other, until one accepts the connection. */
    @SuppressWarnings("FutureReturnValueIgnored") // The callback gets the result; a connection is never cancelled.
    private void connect(SharedConnection connection, List<InetSocketAddress> all, int next) {
        Consumer<Exception> failed = next + 1 < all.size()
                ? cause -> connect(connection, all, next + 1)
                : cause -> connection.lost(
                        cause instanceof SocketTimeoutException late
                                ? new ConnectTimeoutException(late.getMessage())
                                : cause);
        try {
            reactor.connect(
                    connection.owner.host,
                    all.get(next),
                    null,
                    setup.connectTimeout(),
                    connection,
                    making(connection, () -> {}, failed));
        } catch (RuntimeException closed) {
            connection.lost(closed);
        }
    }

    private IOEventHandler handler(SharedConnection connection, ProtocolIOSession session) {
        var handshake = tlsConfig.getHandshakeTimeout();
        connection.connected(session, handshake);
        setup.tls()
                .upgrade(session, connection.owner.host, tlsConfig, handshake, making(connection, connection::secured));
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
                    connection.owner.goesOverHttp1(connection);
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

    /** HttpCore omits Content-Length in HTTP/2; with it, the upstream can refuse a large body at once. */
    private static void declareLength(HttpRequest request, @Nullable EntityDetails content, HttpContext context) {
        if (content != null && content.getContentLength() >= 0) {
            request.setHeader(HttpHeaders.CONTENT_LENGTH, content.getContentLength());
        }
    }

    /**
     * Reads frames that HttpCore 5.4.4 does not expose: how many streams the upstream accepts, and which number a stream
     * has. It also reads how far the upstream got before it goes away; HttpCore then fails none of its streams. It
     * distinguishes a refused stream from a connection that ended with the same code. Called by the connection's reactor
     * thread.
     */
    record FrameWatch(SharedConnection connection) implements H2StreamListener {
        private static final int SETTING_BYTES = 6;

        @Override
        public void onFrameInput(HttpConnection http, int streamId, RawFrame frame) {
            if (frame.isType(FrameType.SETTINGS) && !frame.isFlagSet(FrameFlag.ACK)) {
                connection.settings(mostStreams(frame));
            } else if (frame.isType(FrameType.GOAWAY)) {
                var payload = frame.getPayload();
                if (payload != null && payload.remaining() >= Integer.BYTES) {
                    connection.goesAway(payload.getInt() & Integer.MAX_VALUE);
                }
            } else if (frame.isType(FrameType.RST_STREAM)) {
                var payload = frame.getPayload();
                if (payload != null
                        && payload.remaining() == Integer.BYTES
                        && payload.getInt() == H2Error.REFUSED_STREAM.getCode()) {
                    connection.refuses(streamId);
                }
            }
        }

        @Override
        public void onHeaderOutput(HttpConnection http, int streamId, List<? extends Header> headers) {
            connection.numbered(streamId);
        }

        @Override
        public void onHeaderInput(HttpConnection http, int streamId, List<? extends Header> headers) {}

        @Override
        public void onFrameOutput(HttpConnection http, int streamId, RawFrame frame) {}

        @Override
        public void onInputFlowControl(HttpConnection http, int streamId, int delta, int actualSize) {}

        @Override
        public void onOutputFlowControl(HttpConnection http, int streamId, int delta, int actualSize) {}

        /** SETTINGS_MAX_CONCURRENT_STREAMS, negative when the frame does not contain it (RFC 9113, section 6.5). */
        private static long mostStreams(RawFrame frame) {
            long most = -1;
            var payload = frame.getPayload();
            while (payload != null && payload.remaining() >= SETTING_BYTES) {
                int name = payload.getShort();
                long value = Integer.toUnsignedLong(payload.getInt());
                if (name == H2Param.MAX_CONCURRENT_STREAMS.getCode()) {
                    most = value;
                }
            }
            return most;
        }
    }
}
