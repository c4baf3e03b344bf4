package dev.warder.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The listening socket of a scripted upstream, plain or TLS. Thread-safe. */
final class UpstreamListener {
    /**
     * An accepted connection.
     *
     * @param plain the TCP socket
     * @param socket what to read and write: the same, or TLS on top of it
     */
    record Accepted(Socket plain, Socket socket) {}

    private final ServerSocket server;
    private final Optional<SSLContext> tls;
    private volatile int receiveBuffer;
    private volatile int sendBuffer;

    UpstreamListener(Optional<SSLContext> tls) throws IOException {
        this.tls = tls;
        this.server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    }

    URI uri() {
        return URI.create((tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + server.getLocalPort());
    }

    void buffers(int receive, int send) {
        receiveBuffer = receive;
        sendBuffer = send;
    }

    boolean open() {
        return !server.isClosed();
    }

    Accepted accept() throws IOException {
        var plain = server.accept();
        plain.setTcpNoDelay(true);
        if (receiveBuffer > 0) {
            plain.setReceiveBufferSize(receiveBuffer);
        }
        if (sendBuffer > 0) {
            plain.setSendBufferSize(sendBuffer);
        }
        return new Accepted(plain, tls.isPresent() ? secured(tls.get(), plain) : plain);
    }

    void close() throws IOException {
        server.close();
    }

    private static Socket secured(SSLContext context, Socket plain) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true);
        socket.setUseClientMode(false);
        return socket;
    }
}
