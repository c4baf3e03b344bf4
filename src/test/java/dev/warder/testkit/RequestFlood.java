package dev.warder.testkit;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Honest clients, eight at once, that send many requests and read each response to its end. Counts the requests that got none.
 */
public final class RequestFlood {
    private static final int CLIENTS = 8;
    private static final int LARGE = 200 * 1024;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final List<String> BODIES = List.of("", "small", "large");
    private static final List<String> ROUTES = List.of(
            "POST /v1/messages",
            "POST /anthropic/v1/messages",
            "POST /v1/files",
            "POST /v1/messages/count_tokens",
            "POST /v1/chat/completions",
            "GET /v1/models");

    private final URI base;
    private final List<String> fields;
    private final byte[] small = json(0);
    private final byte[] large = json(LARGE);
    private final Queue<String> unanswered = new ConcurrentLinkedQueue<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();

    /**
     * @param base the address of the context
     * @param credentials field lines for each request, without line ends; the requests take them in turn
     */
    public RequestFlood(URI base, List<String> credentials) {
        this.base = base;
        this.fields = List.copyOf(credentials);
    }

    /** Sends {@code count} requests over routes, body forms and kinds of connections, as {@code seed} has it. */
    public RequestFlood mixed(int count, long seed) throws Exception {
        return run(client -> {
            var random = new Random(seed + client);
            var connection = new Connection(client);
            for (int i = client; i < count; i += CLIENTS) {
                if (random.nextInt(4) == 0) {
                    connection.close();
                }
                var route = ROUTES.get(random.nextInt(ROUTES.size()));
                var body = route.startsWith("GET") ? "" : BODIES.get(random.nextInt(BODIES.size()));
                // Most are small, so that most of the time goes into requests, not bytes.
                body = body.equals("large") && random.nextInt(4) > 0 ? "small" : body;
                connection.exchange(route, bytes(body), random.nextBoolean(), fields.get(i % fields.size()));
            }
            connection.close();
        });
    }

    /** Sends {@code count} requests of one route with a body of 35 bytes, each on a new connection. */
    public RequestFlood fresh(int count, String route) throws Exception {
        var body = "{\"model\":\"claude-x\",\"messages\":[1]}".getBytes(StandardCharsets.US_ASCII);
        return run(client -> {
            var connection = new Connection(client);
            for (int i = client; i < count; i += CLIENTS) {
                connection.exchange(route, body, false, fields.get(i % fields.size()));
                connection.close();
            }
        });
    }

    /** How many whole responses came. */
    public long answered() {
        return answered.get();
    }

    /** How many requests were sent again because the connection that they were sent on had been closed before. */
    public long repeated() {
        return repeated.get();
    }

    /** What each request that got no whole response was, and what its client saw. */
    public List<String> unanswered() {
        return List.copyOf(unanswered);
    }

    private interface Client {
        void run(int number) throws Exception;
    }

    private RequestFlood run(Client client) throws Exception {
        var threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            var work = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                work.add(() -> {
                    client.run(number);
                    return true;
                });
            }
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return this;
    }

    private byte[] bytes(String body) {
        return switch (body) {
            case "small" -> small;
            case "large" -> large;
            default -> new byte[0];
        };
    }

    private static byte[] json(int padding) {
        return ("{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi"
                        + "x".repeat(padding) + "\"}]}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** One client's connection, made when it is needed. One thread at a time. */
    private final class Connection {
        private final int client;
        private Socket socket = new Socket();
        private InputStream in = InputStream.nullInputStream();
        private boolean begun;

        Connection(int client) {
            this.client = client;
        }

        void exchange(String route, byte[] body, boolean chunked, String credential) throws IOException {
            boolean reused = socket.isConnected() && !socket.isClosed();
            try {
                exchangeOnce(route, body, chunked, credential);
            } catch (SocketTimeoutException silent) {
                failed(route, body, chunked, silent);
            } catch (IOException broken) {
                close();
                if (reused && !begun) {
                    // A server may close an idle connection at any time; every client sends such a request again (RFC
                    // 9112, 9.3.1).
                    repeated.incrementAndGet();
                    exchange(route, body, chunked, credential);
                } else {
                    failed(route, body, chunked, broken);
                }
            }
        }

        private void exchangeOnce(String route, byte[] body, boolean chunked, String credential) throws IOException {
            begun = false;
            if (!socket.isConnected() || socket.isClosed()) {
                connect();
            }
            send(route, body, chunked, credential);
            if (!new FloodResponse(in, () -> begun = true).read()) {
                close();
            }
            answered.incrementAndGet();
        }

        private void failed(String route, byte[] body, boolean chunked, IOException why) throws IOException {
            unanswered.add(route + " of " + body.length + (chunked ? " bytes in chunks: " : " bytes: ") + why);
            close();
        }

        void close() throws IOException {
            socket.close();
        }

        /** From many addresses, so that the ports of one do not run out. */
        private void connect() throws IOException {
            socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            var from = InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (1 + client)});
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress(base.getHost(), base.getPort()), PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), 8 * 1024);
        }

        private void send(String route, byte[] body, boolean chunked, String credential) throws IOException {
            var target = base.getPath() + route.substring(route.indexOf('/'));
            var method = route.substring(0, route.indexOf(' '));
            var framing = method.equals("GET")
                    ? ""
                    : chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + body.length + "\r\n";
            var head = method + " " + target + " HTTP/1.1\r\nHost: flood\r\nContent-Type: application/json\r\n"
                    + credential + "\r\n" + framing + "\r\n";
            var out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            if (method.equals("GET")) {
                return;
            }
            try {
                out.write(chunked ? chunks(body) : body);
            } catch (SocketException early) {
                // The gateway may respond and close before it has read all; the response still has to come.
            }
        }

        private static byte[] chunks(byte[] body) {
            var text = new String(body, StandardCharsets.US_ASCII);
            var chunk = body.length == 0
                    ? ""
                    : Integer.toHexString(body.length).toLowerCase(Locale.ROOT) + "\r\n" + text + "\r\n";
            return (chunk + "0\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Reads one response to its end and keeps nothing; far cheaper than {@link RawResponse}. One thread at a time. */
    private static final class FloodResponse {
        private final InputStream in;
        private final Runnable begun;
        private final byte[] buffer = new byte[4 * 1024];
        private long length = -1;
        private boolean chunked;
        private boolean closes;
        private boolean ofGateway;

        /** @param begun runs when the head has come */
        FloodResponse(InputStream in, Runnable begun) {
            this.in = in;
            this.begun = begun;
        }

        /**
         * Whether the connection can be used again; {@link EOFException} when the response is not whole, {@link IOException}
         * when it is one of the container's own, which honest requests never get.
         */
        boolean read() throws IOException {
            int status = head();
            if (!ofGateway) {
                throw new IOException("the container's own response: " + status);
            }
            if (status == 204 || status == 304) {
                return !closes;
            }
            if (chunked) {
                for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                    skip(size + 2);
                }
                line();
            } else if (length >= 0) {
                skip(length);
            } else {
                throw new IOException("no framing");
            }
            return !closes;
        }

        private int head() throws IOException {
            var first = line();
            if (!first.startsWith("HTTP/1.1 ")) {
                throw new IOException("no response: " + first);
            }
            begun.run();
            int status = Integer.parseInt(first.substring(9, 12));
            for (var line = line(); !line.isEmpty(); line = line()) {
                var field = line.toLowerCase(Locale.ROOT);
                if (field.startsWith("content-length:")) {
                    length = Long.parseLong(field.substring(15).strip());
                }
                chunked |= field.equals("transfer-encoding: chunked");
                closes |= field.equals("connection: close");
                ofGateway |= field.startsWith("x-warder-request-id:");
            }
            return status < 200 ? head() : status;
        }

        private void skip(long bytes) throws IOException {
            for (long left = bytes; left > 0; ) {
                int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (n < 0) {
                    throw new EOFException("cut off");
                }
                left -= n;
            }
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (int one = in.read(); one != '\n'; one = in.read()) {
                if (one < 0) {
                    throw new EOFException("closed");
                }
                if (one != '\r') {
                    line.append((char) one);
                }
            }
            return line.toString();
        }
    }
}
