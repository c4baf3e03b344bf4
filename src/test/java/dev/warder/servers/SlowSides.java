package dev.warder.servers;

import static dev.warder.servers.Patience.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Flood;
import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Back-pressure: clients that do not read, and an upstream that does not. */
final class SlowSides {
    private static final int CLIENTS = 4;

    /** All clients together ask for more than the heap of the server holds. */
    private static final long FLOOD = 96L << 20;

    /** What a server may hold for each client that does not read; Grizzly queues four times the socket's send buffer, 8 MiB. */
    private static final long HELD = 12L << 20;

    /** Half of it is more than kernels hold between a client that writes and a server that does not read: 38 MiB were seen. */
    private static final int UPLOAD = 128 << 20;

    /** Tomcat has twelve threads here. */
    private static final int CUT = 24;

    /** Above {@code timeouts.clientWrite}, which is 30 s. */
    private static final Duration CUT_LIMIT = Limit.seconds(60);

    /** Far below the time that Tomcat waits for a client, 60 s. */
    private static final Duration SOON = Limit.seconds(15);

    private final ServerGround ground;

    SlowSides(ServerGround ground) {
        this.ground = ground;
    }

    /** Several clients read nothing; the upstream stands still, others are served, and nothing is lost in the end. */
    void clientsThatDoNotRead() throws Exception {
        ground.upstream().on("/v1/files/1/content", (request, reply) -> reply.flood(FLOOD));
        var clients = new ArrayList<RawClient>();
        var requests = new ArrayList<RecordedRequest>();
        for (int i = 0; i < CLIENTS; i++) {
            var client = ground.clientWithSmallBuffer();
            clients.add(client);
            client.send(ground.authenticated("GET", "/v1/files/1/content"));
            assertThat(client.readHead().status()).isEqualTo(200);
            requests.add(ground.upstream().take());
        }
        awaitStandstill(() -> written(requests));
        assertThat(requests)
                .allSatisfy(each -> assertThat(each.written().value()).isLessThan(FLOOD));
        assertThat(written(requests) - Kernel.holds(ground.ports()))
                .as(
                        "held by the server of %s",
                        requests.stream().map(each -> each.written().value()).toList())
                .isLessThan(CLIENTS * HELD);
        assertThat(ground.exchange(ground.authenticated("GET", "/v1/models")).status())
                .isEqualTo(200);
        for (int i = 0; i < CLIENTS; i++) {
            var summary = clients.get(i).readSummary();
            assertThat(summary.length()).isEqualTo(FLOOD);
            assertThat(summary.crc32c()).isEqualTo(requests.get(i).writtenCrc32c());
            clients.get(i).close();
        }
    }

    /** Twice as many as there are threads read nothing until they are cut; another one is served at once. */
    void clientsThatAreCut() throws Exception {
        ground.upstream().on("/v1/files/1/content", (request, reply) -> reply.flood(FLOOD));
        var clients = new ArrayList<RawClient>();
        var requests = new ArrayList<RecordedRequest>();
        try {
            for (int i = 0; i < CUT; i++) {
                var client = ground.clientWithSmallBuffer();
                clients.add(client);
                client.send(ground.authenticated("GET", "/v1/files/1/content"));
                assertThat(client.readHead().status()).isEqualTo(200);
                requests.add(ground.upstream().take());
            }
            for (var request : requests) {
                request.awaitPeerClosed(CUT_LIMIT);
            }
            try (var client = ground.client().readTimeout((int) SOON.toMillis())) {
                assertThat(client.exchange(ground.authenticated("GET", "/v1/models"))
                                .status())
                        .isEqualTo(200);
            }
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    private static long written(List<RecordedRequest> requests) {
        return requests.stream().mapToLong(each -> each.written().value()).sum();
    }

    /** The upstream reads nothing of an upload; the client can send no more, and all comes whole in the end. */
    void anUpstreamThatDoesNotRead() throws Exception {
        var mayRead = new CountDownLatch(1);
        ground.upstream().socketBuffers(64 * 1024, 0).next(Script.atHead((request, reply) -> {
            reply.await(mayRead);
            assertThat(reply.readBody()).isTrue();
            reply.json(200, "{}");
        }));
        var sent = new AtomicLong();
        try (var client = ground.client()) {
            var answer = CompletableFuture.supplyAsync(
                    () -> Flood.upload(client, ground.authenticated("POST", "/v1/files"), UPLOAD, sent));
            var request = ground.upstream().take();
            awaitStandstill(sent::get);
            assertThat(sent.get()).isLessThan(UPLOAD / 2);
            mayRead.countDown();
            assertThat(answer.get()).isEqualTo(200);
            assertThat(request.crc32c()).isEqualTo(Flood.crc32c(UPLOAD));
        }
        ground.upstream().socketBuffers(0, 0);
    }

    /** Waits until the number has not grown for two seconds. */
    private static void awaitStandstill(LongSupplier number) throws InterruptedException {
        long before;
        do {
            before = number.getAsLong();
            pause(2000);
        } while (number.getAsLong() > before);
    }

    /** What this machine's kernel holds of connections, which no program on either side can say of itself. */
    private static final class Kernel {
        /** As Linux has it; elsewhere nothing is known. */
        private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

        private static final int LOCAL = 1;
        private static final int QUEUES = 4;

        private Kernel() {}

        /**
         * The bytes that were written and not yet read on all connections to or from these ports; 0 where nothing is known.
         */
        static long holds(Set<Integer> ports) throws IOException {
            long sum = 0;
            for (var table : TABLES) {
                if (Files.exists(table)) {
                    try (var rows = Files.lines(table)) {
                        sum += rows.skip(1)
                                .mapToLong(row -> queued(row.strip(), ports))
                                .sum();
                    }
                }
            }
            return sum;
        }

        private static long queued(String row, Set<Integer> ports) {
            var columns = row.split("\\s+");
            if (Stream.of(columns[LOCAL], columns[LOCAL + 1]).map(Kernel::port).noneMatch(ports::contains)) {
                return 0;
            }
            var queues = columns[QUEUES].split(":");
            return Long.parseLong(queues[0], 16) + Long.parseLong(queues[1], 16);
        }

        private static int port(String address) {
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
        }
    }
}
