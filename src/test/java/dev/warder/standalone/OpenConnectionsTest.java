package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which connections are closed while their request is not complete, on the wire. */
class OpenConnectionsTest {
    private static final String REQUEST = "GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String UNFINISHED = "GET /none HTTP/1.1\r\nHost: localhost\r\nX-Planted: ";
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final long MUCH = 1 << 30;

    private final Path webapp;
    private final List<Socket> sockets = new ArrayList<>();
    private WebServer server;

    OpenConnectionsTest(@TempDir Path folder) throws IOException {
        webapp = Files.createDirectories(folder.resolve("war"));
        server = server(new ConnectionLimits(1, 1, LONG, LONG));
    }

    private WebServer server(ConnectionLimits limits) {
        var serve = new Command.Serve("127.0.0.1", 0, "/", false, Map.of(), List.of());
        return new WebServer(serve, webapp, Map.of(), SHORT, limits);
    }

    private void start(ConnectionLimits limits) throws Exception {
        server = server(limits);
        server.open();
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (var socket : sockets) {
            socket.close();
        }
        server.stop();
    }

    @Test
    void closesTheOldestUnfinishedHeadAtTheLimitOfConnections() throws Exception {
        start(new ConnectionLimits(4, MUCH, LONG, LONG));
        var kept = connect(REQUEST);
        assertThat(answered(kept)).isTrue();
        var oldest = connect(UNFINISHED);
        assertThat(answered(connect(REQUEST))).isTrue();
        var younger = connect(UNFINISHED);
        assertThat(answered(connect(REQUEST))).isTrue();
        assertClosed(oldest);
        assertThat(answered(connect(REQUEST))).isTrue();
        assertClosed(younger);
        assertThat(answered(send(kept, REQUEST))).isTrue();
    }

    @Test
    void closesTheConnectionThatIsKeptLongestWhereNoHeadIsUnfinished() throws Exception {
        start(new ConnectionLimits(2, MUCH, LONG, LONG));
        var first = connect(REQUEST);
        assertThat(answered(first)).isTrue();
        var second = connect(REQUEST);
        assertThat(answered(second)).isTrue();
        assertThat(answered(send(first, REQUEST))).isTrue();
        assertThat(answered(connect(REQUEST))).isTrue();
        assertClosed(second);
        assertThat(answered(send(first, REQUEST))).isTrue();
    }

    /** 16 KiB for fields, and two bytes of heap for each byte: two of these heads exceed 64 KiB. */
    @Test
    void closesTheOldestUnfinishedHeadAtTheLimitOfMemory() throws Exception {
        start(new ConnectionLimits(100, 64 * 1024, LONG, LONG));
        var silent = connect("");
        var oldest = connect(UNFINISHED + "a".repeat(20_000));
        // Read before the second one, for the server answers in turn.
        assertThat(answered(connect(REQUEST))).isTrue();
        var younger = connect(UNFINISHED + "a".repeat(20_000));
        assertClosed(oldest);
        assertThat(answered(send(younger, "\r\n\r\n"))).isTrue();
        assertThat(answered(send(silent, REQUEST))).isTrue();
    }

    @Test
    void closesHeadsThatAreNotCompleteInTime() throws Exception {
        start(new ConnectionLimits(100, MUCH, SHORT, LONG));
        var kept = connect(REQUEST);
        assertThat(answered(kept)).isTrue();
        for (var each : List.of(connect(""), connect("\r\n"), connect(UNFINISHED))) {
            assertClosed(each);
        }
        // It was kept longer than a head may take; then a head begins.
        assertThat(answered(send(kept, REQUEST))).isTrue();
        assertClosed(send(kept, "G"));
    }

    @Test
    void closesAHeadThatTrickles() throws Exception {
        start(new ConnectionLimits(100, MUCH, SHORT, LONG));
        var slow = connect(UNFINISHED);
        var closed = CompletableFuture.runAsync(() -> assertClosed(slow));
        while (!closed.isDone()) {
            trySend(slow, "a");
            CompletableFuture.anyOf(closed, pause()).join();
        }
        closed.join();
    }

    private static CompletableFuture<Void> pause() {
        return new CompletableFuture<Void>().completeOnTimeout(null, 50, TimeUnit.MILLISECONDS);
    }

    @Test
    void closesConnectionsThatAreKeptTooLong() throws Exception {
        start(new ConnectionLimits(100, MUCH, LONG, SHORT));
        var kept = connect(REQUEST);
        assertThat(answered(kept)).isTrue();
        assertClosed(kept);
    }

    /** Every one is counted once, whatever became of it. */
    @Test
    void countsNoConnectionTwice() throws Exception {
        start(new ConnectionLimits(8, MUCH, LONG, LONG));
        for (int i = 0; i < 200; i++) {
            var each = connect(i % 2 == 0 ? REQUEST : "GET \r\n\r\n");
            assertThat(each.getInputStream().read()).isEqualTo('H');
            each.close();
        }
        Set<Socket> eight = IntStream.range(0, 8).mapToObj(i -> connected()).collect(Collectors.toSet());
        for (var each : eight) {
            assertThat(answered(send(each, REQUEST))).isTrue();
        }
    }

    @Test
    void derivesTheLimitsFromHeapAndFiles() {
        assertThat(ConnectionLimits.of(512L << 20, 1 << 20).connections()).isEqualTo(16_384);
        assertThat(ConnectionLimits.of(512L << 20, 1 << 20).headMemory()).isEqualTo(64L << 20);
        assertThat(ConnectionLimits.of(512L << 20, 4096).connections()).isEqualTo(1920);
        assertThat(ConnectionLimits.of(1 << 20, 100).connections()).isEqualTo(64);
    }

    private Socket connected() {
        try {
            return connect("");
        } catch (IOException refused) {
            throw new AssertionError(refused);
        }
    }

    private Socket connect(String request) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        return send(socket, request);
    }

    private static Socket send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void trySend(Socket socket, String text) {
        try {
            send(socket, text);
        } catch (IOException closed) {
            // The reader reports it.
        }
    }

    /** Reads one whole answer. */
    private static boolean answered(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        var answer = new StringBuilder();
        while (answer.indexOf("\"request_id\"") < 0 || !answer.toString().endsWith("}")) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            answer.append((char) next);
        }
        return answer.toString().startsWith("HTTP/1.1 404");
    }

    private static void assertClosed(Socket socket) {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (java.net.SocketTimeoutException open) {
            throw new AssertionError("still open", open);
        } catch (IOException reset) {
            // Closed with bytes unread.
        }
    }
}
