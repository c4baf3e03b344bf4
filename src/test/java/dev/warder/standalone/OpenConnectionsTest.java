package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.cli.Command;
import dev.warder.standalone.OpenConnections.ConnectionLimits;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    void closesAnUnfinishedHeadAtTheLimitOfConnections() throws Exception {
        start(new ConnectionLimits(3, MUCH, LONG, LONG));
        var kept = connect(REQUEST);
        assertThat(answered(kept)).isTrue();
        var unfinished = connect(UNFINISHED);
        assertThat(answered(connect(REQUEST))).isTrue();
        assertThat(answered(connect(REQUEST))).isTrue();
        assertClosed(unfinished);
        assertThat(answered(send(kept, REQUEST))).isTrue();
    }

    /** A connection, and those that were dropped. */
    private static final class Peer implements OpenConnections.Peer {
        private final String name;
        private final List<String> dropped;
        private boolean clients = true;

        Peer(String name, List<String> dropped) {
            this.name = name;
            this.dropped = dropped;
        }

        @Override
        public void drop() {
            dropped.add(name);
        }

        @Override
        public boolean isClients() {
            return clients;
        }
    }

    /** Not on the wire, where a client cannot see when its connection begins to wait. */
    @Test
    void closesTheConnectionThatIsKeptLongestWhereNoHeadIsUnfinished() {
        var connections = new OpenConnections(new ConnectionLimits(2, MUCH, LONG, LONG), () -> 0);
        var dropped = new ArrayList<String>();
        var first = new Peer("first", dropped);
        var second = new Peer("second", dropped);
        var third = new Peer("third", dropped);
        for (var each : List.of(first, second)) {
            connections.opened(each);
            connections.hasRequest(each);
            connections.awaitsRequest(each);
        }
        connections.hasRequest(first);
        connections.awaitsRequest(first);
        connections.opened(third);
        assertThat(dropped).containsExactly("second");
    }

    @Test
    void closesAnsweredRequestsFirstAndThoseOfStrangersBeforeKeptConnections() {
        var connections = new OpenConnections(new ConnectionLimits(6, MUCH, LONG, LONG), () -> 0);
        var dropped = new ArrayList<String>();
        var peers = List.of("kept", "client", "stranger", "answered", "answered later", "head").stream()
                .map(name -> new Peer(name, dropped))
                .toList();
        peers.forEach(connections::opened);
        peers.subList(0, 5).forEach(connections::hasRequest);
        connections.awaitsRequest(peers.get(0));
        peers.get(2).clients = false;
        connections.owesBody(peers.get(3));
        connections.owesBody(peers.get(4));
        for (int i = 0; i < 6; i++) {
            var added = new Peer("new", dropped);
            connections.opened(added);
            connections.hasRequest(added);
            peers.stream().filter(peer -> dropped.contains(peer.name)).forEach(connections::closed);
        }
        assertThat(dropped).containsExactly("answered", "answered later", "head", "stranger", "kept", "new");
    }

    @Test
    void closesTheNewConnectionWhereEveryOtherHasARequest() {
        var connections = new OpenConnections(new ConnectionLimits(1, MUCH, LONG, LONG), () -> 0);
        var dropped = new ArrayList<String>();
        var first = new Peer("first", dropped);
        var second = new Peer("second", dropped);
        var third = new Peer("third", dropped);
        connections.opened(first);
        connections.hasRequest(first);
        connections.opened(second);
        assertThat(dropped).containsExactly("second");
        connections.closed(second);
        connections.closed(first);
        connections.opened(third);
        assertThat(dropped).containsExactly("second");
    }

    /** 16 KiB for fields, and two bytes of heap for each byte: one of these heads exceeds 32 KiB. */
    @Test
    void closesAnUnfinishedHeadAtTheLimitOfMemory() throws Exception {
        start(new ConnectionLimits(100, 32 * 1024, LONG, LONG));
        var silent = connect("");
        assertClosed(connect(UNFINISHED + "a".repeat(20_000)));
        assertThat(answered(connect(REQUEST))).isTrue();
        assertThat(answered(send(silent, REQUEST))).isTrue();
    }

    @Test
    void closesTheOldestUnfinishedHeads() {
        var connections = new OpenConnections(new ConnectionLimits(3, 100 * 1024, LONG, LONG), () -> 0);
        var dropped = new ArrayList<String>();
        var silent = new Peer("silent", dropped);
        var older = new Peer("older", dropped);
        var younger = new Peer("younger", dropped);
        List.of(silent, older, younger).forEach(connections::opened);
        // 16 KiB for the fields of each, and two bytes of heap for a byte.
        connections.awaitsHead(younger, 20_000);
        connections.awaitsHead(older, 20_000);
        assertThat(dropped).containsExactly("older");
        connections.closed(older);
        connections.awaitsHead(younger, 20_100);
        assertThat(dropped).containsExactly("older");
        connections.opened(new Peer("new", dropped));
        connections.opened(new Peer("newer", dropped));
        assertThat(dropped).containsExactly("older", "silent");
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
        // The server may see the end of the last ones a little later.
        int tries = 0;
        while (!servesTogether(8)) {
            assertThat(++tries).isLessThan(50);
        }
    }

    private boolean servesTogether(int count) throws IOException {
        var together = new ArrayList<Socket>();
        for (int i = 0; i < count; i++) {
            together.add(connect(""));
        }
        boolean served = true;
        for (var each : together) {
            served &= served && isServed(each);
        }
        for (var each : together) {
            each.close();
        }
        return served;
    }

    private static boolean isServed(Socket socket) {
        try {
            return answered(send(socket, REQUEST));
        } catch (IOException closed) {
            return false;
        }
    }

    @Test
    void derivesTheLimitsFromHeapAndFiles() {
        assertThat(ConnectionLimits.of(512L << 20, 1 << 20).connections()).isEqualTo(16_384);
        assertThat(ConnectionLimits.of(512L << 20, 1 << 20).headMemory()).isEqualTo(64L << 20);
        assertThat(ConnectionLimits.of(512L << 20, 4096).connections()).isEqualTo(1920);
        assertThat(ConnectionLimits.of(1 << 20, 100).connections()).isEqualTo(64);
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
