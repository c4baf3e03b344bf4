package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Turns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of connections whose request never becomes complete, in front of the built WAR. */
@Tag("turn-1")
class HeadFloodIT {
    private static final int CONNECTIONS = Turns.of(2000, 9000);
    private static final String HEAP = Turns.inTurn() ? "-Xmx256m" : "-Xmx64m";

    /** Of connections, for a heap of 64 MiB. */
    private static final int LIMIT = 2048;

    private static final int HEAD = 31 * 1024;
    private static final Duration DEADLINE = Limit.seconds(60);

    private final Path folder;

    HeadFloodIT(@TempDir Path folder) {
        this.folder = folder;
    }

    /** They send more than the heap holds; in the slice there are more connections than are allowed, too. */
    @Test
    void servesOthersWhileRequestHeadsDoNotEnd() throws Exception {
        try (var warder = new WarderProcess(folder, List.of(HEAP), "--demo", "--port=0");
                var heads = UnfinishedRequests.heads(warder.base().getPort(), HEAD)) {
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

    /** There are more of them than connections are allowed, and each has had its response. */
    @Test
    void servesOthersWhileBodiesOfStrangersDoNotEnd() throws Exception {
        try (var warder = new WarderProcess(folder, List.of("-Xmx64m"), "--demo", "--port=0");
                var bodies = UnfinishedRequests.bodies(warder.base().getPort())) {
            bodies.open(LIMIT + LIMIT / 4);
            assertServed(warder);
            warder.awaitLog("answered one whose body still came");
            assertThat(warder.err()).doesNotContain("OutOfMemory");
        }
    }

    /** Each on a connection of its own. */
    private static void assertServed(WarderProcess warder) throws Exception {
        assertThat(status(warder, "/health/live")).isEqualTo(200);
        assertThat(status(warder, "/v1/models")).isEqualTo(200);
    }

    private static int status(WarderProcess warder, String path) throws Exception {
        try (var client = RawClient.connect(warder.base()).readTimeout((int) DEADLINE.toMillis())) {
            return client.exchange(RawRequest.of("GET", path).field("x-api-key", warder.token()))
                    .status();
        }
    }
}
