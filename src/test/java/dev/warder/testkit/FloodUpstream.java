package dev.warder.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
            var in = new WireReader(socket.getInputStream());
            var buffer = new byte[64 * 1024];
            for (var head = in.readHead(); head.isPresent(); head = in.readHead()) {
                var response = responses.get(Math.floorMod(requests.getAndIncrement(), responses.size()));
                if (response.early) {
                    socket.getOutputStream().write(response.bytes);
                }
                var body = WireReader.WireBody.ofRequest(in, head.get().fields());
                while (!body.ended()) {
                    body.read(buffer, 0, buffer.length);
                }
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
}
