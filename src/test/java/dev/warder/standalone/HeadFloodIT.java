package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of connections whose request never becomes complete, in front of the built WAR. */
@Tag("turn-1")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeadFloodIT {
    private static final int CONNECTIONS = Turns.of(2000, 9000);
    private static final String HEAP = Turns.inTurn() ? "-Xmx256m" : "-Xmx64m";

    /** Of connections, for the heap. */
    private static final int LIMIT = Turns.of(2048, 8192);

    /** Open files of a process that may then have 128 connections. */
    private static final int FILES = 512;

    private static final int FEW = 128;
    private static final int HEAD = 31 * 1024;
    private static final Duration DEADLINE = Limit.seconds(60);

    private WarderProcess warder;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        warder = new WarderProcess(folder, List.of(HEAP, "-XX:TieredStopAtLevel=1"), "--demo", "--port=0");
        assertThat(warder.base()).isNotNull();
    }

    @AfterAll
    void stop() {
        warder.close();
    }

    /** They send more than the heap holds, on more connections than are allowed. */
    @Test
    @Tag("turn-only")
    void servesOthersWhileRequestHeadsDoNotEnd() throws Exception {
        try (var heads = UnfinishedRequests.heads(warder.base().getPort(), HEAD)) {
            long before = warder.liveHeap();
            var never = new CountDownLatch(1);
            for (int sent = 0; sent < CONNECTIONS; sent += 1000) {
                heads.open(1000);
                assertServed(warder);
            }
            long start = System.nanoTime();
            while (heads.stillOpen() > 0) {
                assertThat(System.nanoTime() - start).as("all heads end").isLessThan(DEADLINE.toNanos());
                assertServed(warder);
                assertThat(never.await(500, TimeUnit.MILLISECONDS)).isFalse();
            }
            assertThat(warder.liveHeap() - before).as("heap left behind").isLessThan(16 << 20);
            assertThat(warder.err())
                    .contains("Connections without a complete request closed")
                    .doesNotContain("OutOfMemory");
        }
    }

    /** As many at once as the small heap allows connections, and more: what is kept of each must be little. */
    @Test
    void hasRoomForTheBodiesOfStrangers() throws Exception {
        try (var bodies = UnfinishedRequests.bodies(warder.base().getPort())) {
            bodies.open(LIMIT + LIMIT / 4);
            assertServed(warder);
            assertThat(warder.err()).doesNotContain("OutOfMemory");
        }
    }

    /** Each time more of them come at once than connections are allowed, until the server was quick enough to answer one before. */
    @Test
    void servesOthersWhileBodiesOfStrangersDoNotEnd(@TempDir Path folder) throws Exception {
        var limited = List.of("sh", "-c", "ulimit -n " + FILES + " && exec \"$0\" \"$@\"");
        try (var few = WarderProcess.behind(limited, folder, "--demo", "--port=0")) {
            var never = new CountDownLatch(1);
            long start = System.nanoTime();
            while (!few.err().contains("answered one whose body still came")) {
                assertThat(System.nanoTime() - start)
                        .as("closed one that was answered")
                        .isLessThan(DEADLINE.toNanos());
                try (var bodies = UnfinishedRequests.bodies(few.base().getPort())) {
                    bodies.open(FEW + FEW / 4);
                    assertServed(few);
                    assertThat(never.await(500, TimeUnit.MILLISECONDS)).isFalse();
                }
            }
        }
    }

    /** Each on a connection of its own. */
    private static void assertServed(WarderProcess warder) throws Exception {
        for (var path : List.of("/health/live", "/v1/models")) {
            try (var client = RawClient.connect(warder.base()).readTimeout((int) DEADLINE.toMillis())) {
                var request = RawRequest.of("GET", path).field("x-api-key", warder.token());
                assertThat(client.exchange(request).status()).as(path).isEqualTo(200);
            }
        }
    }

    /** Clients that send most of a request and then wait. One thread at a time. */
    static final class UnfinishedRequests implements AutoCloseable {
        private final byte[] beginning;
        private final int port;
        private final List<SocketChannel> channels = new ArrayList<>();

        /** @param beginning what each of them sends */
        UnfinishedRequests(int port, String beginning) {
            this.port = port;
            this.beginning = beginning.getBytes(StandardCharsets.US_ASCII);
        }

        /** @param size bytes of each head; its end is missing */
        static UnfinishedRequests heads(int port, int size) {
            String beginning = "GET /v1/models HTTP/1.1\r\nHost: x\r\nX-Long: ";
            return new UnfinishedRequests(port, beginning + "a".repeat(size - beginning.length()));
        }

        /** Messages without a token, of whose bodies one byte is there. */
        static UnfinishedRequests bodies(int port) {
            return new UnfinishedRequests(
                    port, "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n{");
        }

        void open(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                var channel = SocketChannel.open();
                channels.add(channel);
                channel.setOption(StandardSocketOptions.SO_SNDBUF, 64 * 1024);
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                try {
                    channel.write(ByteBuffer.wrap(beginning));
                } catch (IOException alreadyClosed) {
                    // The server was quicker.
                }
            }
        }

        /** How many of them the server has not closed. */
        int stillOpen() throws IOException {
            int open = 0;
            for (var channel : channels) {
                channel.configureBlocking(false);
                open += isOpen(channel) ? 1 : 0;
            }
            return open;
        }

        private static boolean isOpen(SocketChannel channel) {
            try {
                return channel.read(ByteBuffer.allocate(1)) == 0;
            } catch (IOException reset) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            for (var channel : channels) {
                channel.close();
            }
        }
    }
}
