package dev.warder.testkit;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP/1.1 upstream for hundreds of thousands of requests: it records nothing, and sends the responses that it was made
 * with in turn. Thread-safe.
 */
public final class FloodUpstream implements AutoCloseable {
    /** One kind of response. */
    public enum Response {
        /** 401 as soon as the head has come; the body is read afterwards and the connection kept. */
        EARLY(true, head("401 Unauthorized", "application/json", error("authentication_error"))),
        /** The same, and the connection is closed after the body. */
        EARLY_CLOSE(true, head("401 Unauthorized\r\nConnection: close", "application/json", error("api_error"))),
        /** A whole message after the whole request. */
        IMMEDIATE(false, head("200 OK", "application/json", Messages.message("Hello."))),
        /** An error after the whole request. */
        ERROR(false, head("529 Overloaded", "application/json", error("overloaded_error"))),
        /** No content. */
        EMPTY(false, "HTTP/1.1 204 No Content\r\n\r\n"),
        /** A chunked event stream. */
        STREAM(false, stream());

        private final boolean early;
        private final byte[] bytes;

        Response(boolean early, String text) {
            this.early = early;
            this.bytes = text.getBytes(StandardCharsets.UTF_8);
        }

        private boolean closes() {
            return this == EARLY_CLOSE;
        }

        private static String error(String type) {
            return Messages.error(type, "of the flood");
        }

        private static String head(String status, String type, String body) {
            return "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body;
        }

        private static String stream() {
            var text = new StringBuilder(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var event : Messages.stream("one", "two")) {
                text.append(Integer.toHexString(event.length()))
                        .append("\r\n")
                        .append(event)
                        .append("\r\n");
            }
            return text.append("0\r\n\r\n").toString();
        }
    }

    private final ServerSocket listener = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private final List<Response> responses;

    private FloodUpstream(List<Response> responses) throws IOException {
        this.responses = List.copyOf(responses);
    }

    /** Starts an upstream that sends these responses in turn. */
    public static FloodUpstream start(List<Response> responses) throws IOException {
        var upstream = new FloodUpstream(responses);
        ScriptedUpstream.daemon("flood-acceptor", upstream::accept).start();
        return upstream;
    }

    /** The address for {@code upstream.url}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** How many requests came. */
    public int requests() {
        return requests.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                ScriptedUpstream.daemon("flood-connection", () -> serve(socket)).start();
            } catch (IOException closed) {
                // The loop looks whether it is the listener.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            var buffer = new byte[64 * 1024];
            for (var head = head(in); !head.isEmpty(); head = head(in)) {
                var response = responses.get(Math.floorMod(requests.getAndIncrement(), responses.size()));
                if (response.early) {
                    socket.getOutputStream().write(response.bytes);
                }
                drain(in, head.toLowerCase(Locale.ROOT), buffer);
                if (!response.early) {
                    socket.getOutputStream().write(response.bytes);
                }
                if (response.closes()) {
                    return;
                }
            }
        } catch (IOException left) {
            // The gateway discards connections of calls that end early.
        } finally {
            open.remove(socket);
        }
    }

    private static void drain(InputStream in, String head, byte[] buffer) throws IOException {
        if (head.contains("\r\ntransfer-encoding: chunked")) {
            for (int size = size(in); size > 0; size = size(in)) {
                drain(in, size + 2, buffer);
            }
            line(in);
        } else {
            int at = head.indexOf("\r\ncontent-length: ");
            drain(in, at < 0 ? 0 : Integer.parseInt(head.substring(at + 18, head.indexOf('\r', at + 18))), buffer);
        }
    }

    private static void drain(InputStream in, int length, byte[] buffer) throws IOException {
        for (int left = length; left > 0; ) {
            int n = in.read(buffer, 0, Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException("cut off");
            }
            left -= n;
        }
    }

    /** The next chunk's size; the gateway may have discarded the connection before it. */
    private static int size(InputStream in) throws IOException {
        var line = line(in);
        if (line.isEmpty()) {
            throw new EOFException("cut off");
        }
        return Integer.parseInt(line, 16);
    }

    /** The head with its last line's end, empty at the connection's end. */
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            head.append(line).append("\r\n");
        }
        return head.toString();
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int one = in.read(); one >= 0 && one != '\n'; one = in.read()) {
            if (one != '\r') {
                line.append((char) one);
            }
        }
        return line.toString();
    }
}
