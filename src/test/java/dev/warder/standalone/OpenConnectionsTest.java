package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.cli.Command;
import dev.warder.standalone.OpenConnections.ConnectionLimits;
import dev.warder.testkit.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    private final List<RawClient> clients = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();
    private WebServer server;

    OpenConnectionsTest(@TempDir Path folder) throws IOException {
        webapp = Files.createDirectories(folder.resolve("war"));
        server = server(new ConnectionLimits(1, 1, LONG, LONG));
    }

    private static OpenConnections connections(int most, long memory) {
        return new OpenConnections(new ConnectionLimits(most, memory, LONG, LONG), () -> 0);
    }

    private WebServer server(ConnectionLimits limits) {
        var serve = new Command.Serve("127.0.0.1", 0, "/", false, false);
        return new WebServer(serve, webapp, webapp.resolveSibling("work"), Map.of(), SHORT, limits);
    }

    private void start(ConnectionLimits limits) throws Exception {
        server = server(limits);
        server.open();
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (var client : clients) {
            client.close();
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
        assertThat(answered(kept.send(REQUEST))).isTrue();
    }

    /** A connection without a wire. */
    private final class Peer implements OpenConnections.Peer {
        private final String name;
        private boolean isClients = true;

        Peer(String name) {
            this.name = name;
        }

        @Override
        public void drop() {
            dropped.add(name);
        }

        @Override
        public boolean isClients() {
            return isClients;
        }
    }

    /** Not on the wire, where a client cannot see when its connection begins to wait. */
    @Test
    void closesTheConnectionThatIsKeptLongestWhereNoHeadIsUnfinished() {
        var connections = connections(2, MUCH);
        var first = new Peer("first");
        for (var each : List.of(first, new Peer("second"))) {
            connections.opened(each);
            connections.hasRequest(each);
            connections.awaitsRequest(each);
        }
        connections.hasRequest(first);
        connections.awaitsRequest(first);
        connections.opened(new Peer("third"));
        assertThat(dropped).containsExactly("second");
    }

    @Test
    void closesAnsweredRequestsFirstAndThoseOfStrangersBeforeKeptConnections() {
        var connections = connections(6, MUCH);
        var peers = Stream.of("kept", "client", "stranger", "answered", "answered later", "head")
                .map(Peer::new)
                .toList();
        peers.forEach(connections::opened);
        peers.subList(0, 5).forEach(connections::hasRequest);
        connections.awaitsRequest(peers.get(0));
        peers.get(2).isClients = false;
        connections.owesBody(peers.get(3));
        connections.owesBody(peers.get(4));
        for (int i = 0; i < 6; i++) {
            var added = new Peer("new");
            connections.opened(added);
            connections.hasRequest(added);
            peers.stream().filter(peer -> dropped.contains(peer.name)).forEach(connections::closed);
        }
        assertThat(dropped).containsExactly("answered", "answered later", "head", "stranger", "kept", "new");
    }

    @Test
    void closesTheNewConnectionWhereEveryOtherHasARequest() {
        var connections = connections(1, MUCH);
        var first = new Peer("first");
        var second = new Peer("second");
        connections.opened(first);
        connections.hasRequest(first);
        connections.opened(second);
        assertThat(dropped).containsExactly("second");
        connections.closed(second);
        connections.closed(first);
        connections.opened(new Peer("third"));
        assertThat(dropped).containsExactly("second");
    }

    /** 16 KiB for fields, and two bytes of heap for each byte: one of these heads exceeds 32 KiB. */
    @Test
    void closesAnUnfinishedHeadAtTheLimitOfMemory() throws Exception {
        start(new ConnectionLimits(100, 32 * 1024, LONG, LONG));
        var silent = connect("");
        assertClosed(connect(UNFINISHED + "a".repeat(20_000)));
        assertThat(answered(connect(REQUEST))).isTrue();
        assertThat(answered(silent.send(REQUEST))).isTrue();
    }

    @Test
    void closesTheOldestUnfinishedHeads() {
        var connections = connections(3, 100 * 1024);
        var silent = new Peer("silent");
        var older = new Peer("older");
        var younger = new Peer("younger");
        List.of(silent, older, younger).forEach(connections::opened);
        // 16 KiB for the fields of each, and two bytes of heap for a byte.
        connections.awaitsHead(younger, 20_000);
        connections.awaitsHead(older, 20_000);
        assertThat(dropped).containsExactly("older");
        connections.closed(older);
        connections.awaitsHead(younger, 20_100);
        assertThat(dropped).containsExactly("older");
        connections.opened(new Peer("new"));
        connections.opened(new Peer("newer"));
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
        assertThat(answered(kept.send(REQUEST))).isTrue();
        assertClosed(kept.send("G"));
    }

    @Test
    void closesAHeadThatTrickles() throws Exception {
        start(new ConnectionLimits(100, MUCH, SHORT, LONG));
        var slow = connect(UNFINISHED);
        var closed = CompletableFuture.runAsync(() -> assertClosed(slow));
        while (!closed.isDone()) {
            try {
                slow.send("a");
            } catch (IOException gone) {
                // The reader reports it.
            }
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
            each.readHead();
            each.close();
        }
        // The server may see the end of the last ones a little later.
        int tries = 0;
        while (!servesTogether(8)) {
            assertThat(++tries).isLessThan(50);
        }
    }

    private boolean servesTogether(int count) throws IOException {
        var together = new ArrayList<RawClient>();
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

    private static boolean isServed(RawClient client) {
        try {
            return answered(client.send(REQUEST));
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

    private RawClient connect(String request) throws IOException {
        var client = RawClient.connect(URI.create("http://127.0.0.1:" + server.port()));
        clients.add(client);
        return client.send(request);
    }

    private static boolean answered(RawClient client) throws IOException {
        return client.readResponse().status() == 404;
    }

    private static void assertClosed(RawClient client) {
        try {
            assertThat(client.closedByPeer()).isTrue();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
