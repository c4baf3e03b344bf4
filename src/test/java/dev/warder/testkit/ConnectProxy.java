package dev.warder.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;

/**
 * A forward proxy on a free port of 127.0.0.1. It takes every name for that of 127.0.0.1, so that nobody else can look it up,
 * and makes a tunnel to the port that was requested; or it does what a script says. Thread-safe.
 */
public final class ConnectProxy implements AutoCloseable {
    private static final String OPEN = "HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n";

    /** What the proxy does with a connection whose request it has read; the connection is closed then. */
    public interface Fault {
        void serve(Socket connection) throws Exception;
    }

    private final ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    private final Optional<TestCertificate> certificate;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile int piece = 64 * 1024;
    private volatile int gathering;
    private volatile Optional<Fault> always = Optional.empty();

    private ConnectProxy(Optional<TestCertificate> certificate) throws IOException {
        this.certificate = certificate;
        ScriptedUpstream.daemon("proxy", this::accept).start();
    }

    /** Starts one that listens without TLS. */
    public static ConnectProxy plain() throws IOException {
        return new ConnectProxy(Optional.empty());
    }

    /** Starts one that listens with TLS and shows this certificate. */
    public static ConnectProxy tls(TestCertificate certificate) throws IOException {
        return new ConnectProxy(Optional.of(certificate));
    }

    /** The value of {@code upstream.proxy}. */
    public String url() {
        return (certificate.isPresent() ? "https" : "http") + "://127.0.0.1:" + listener.getLocalPort();
    }

    /** The address of an upstream of this machine by a name that only this proxy knows. */
    public static URI renamed(URI upstream, String name) {
        return URI.create("https://" + name + ":" + upstream.getPort());
    }

    /** Passes bytes on in pieces of this size at most, from the next tunnel on. */
    public ConnectProxy inPieces(int size) {
        piece = size;
        return this;
    }

    /** Passes on together what the target sends until it is silent for so many milliseconds, from the next tunnel on. */
    public ConnectProxy gathering(int millis) {
        gathering = millis;
        return this;
    }

    /** Does this with the next connection that has no other fault. */
    public ConnectProxy next(Fault fault) {
        faults.add(fault);
        return this;
    }

    /** Responds with this to the next request. */
    public ConnectProxy next(String response) {
        return next(connection -> write(connection, response));
    }

    /** Responds with this to each request. */
    public ConnectProxy always(String response) {
        return always(connection -> write(connection, response));
    }

    /** Does this with each connection. */
    public ConnectProxy always(Fault fault) {
        always = Optional.of(fault);
        return this;
    }

    /** Keeps a connection silent until the other side closes it. */
    public static void silence(Socket connection) throws IOException {
        connection.getInputStream().readAllBytes();
    }

    private static void write(Socket connection, String response) throws IOException {
        connection.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
        if (!(connection instanceof SSLSocket)) {
            connection.shutdownOutput();
        }
        connection.setSoTimeout(2000);
        silence(connection);
    }

    /** The heads of all requests so far. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Dies: ends all tunnels at once, and makes others again. */
    public void cut() {
        open.forEach(ConnectProxy::close);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                ScriptedUpstream.daemon("proxied", () -> serve(socket)).start();
            } catch (IOException closed) {
                // The loop looks whether it was the listener.
            }
        }
    }

    private void serve(Socket accepted) {
        open.add(accepted);
        try (accepted;
                var socket = secured(accepted)) {
            String head = head(socket.getInputStream());
            requests.add(head);
            var fault = Optional.ofNullable(faults.poll()).or(() -> always);
            if (fault.isPresent()) {
                fault.get().serve(socket);
            } else {
                tunnel(socket, head);
            }
        } catch (Exception broken) {
            // The other side sees it.
        } finally {
            open.remove(accepted);
        }
    }

    private Socket secured(Socket accepted) throws IOException {
        if (certificate.isEmpty()) {
            return accepted;
        }
        var factory = certificate.get().serverContext().getSocketFactory();
        var secure = (SSLSocket) factory.createSocket(accepted, "127.0.0.1", accepted.getPort(), true);
        secure.setUseClientMode(false);
        return secure;
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no whole head");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private void tunnel(Socket socket, String head) throws Exception {
        int port = Integer.parseInt(head.substring(0, head.indexOf(" HTTP/1.1")).replaceFirst(".*:", ""));
        try (var target = new Socket(InetAddress.getLoopbackAddress(), port)) {
            open.add(target);
            socket.getOutputStream().write(OPEN.getBytes(StandardCharsets.ISO_8859_1));
            var back = ScriptedUpstream.daemon("back", () -> relay(target, socket, gathering));
            back.start();
            relay(socket, target, 0);
            back.join();
            open.remove(target);
        }
    }

    private void relay(Socket from, Socket to, int gathering) {
        var buffer = new byte[piece];
        int length = 0;
        try {
            from.setSoTimeout(gathering);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int more = 0; more >= 0; ) {
                length += more;
                if (length == buffer.length || length > 0 && gathering == 0) {
                    out.write(buffer, 0, length);
                    length = 0;
                }
                try {
                    more = in.read(buffer, length, buffer.length - length);
                } catch (SocketTimeoutException silent) {
                    out.write(buffer, 0, length);
                    length = 0;
                    more = 0;
                }
            }
            out.write(buffer, 0, length);
            to.shutdownOutput();
        } catch (IOException ended) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            // It is.
        }
    }

    /** Ends it and all its tunnels. */
    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
