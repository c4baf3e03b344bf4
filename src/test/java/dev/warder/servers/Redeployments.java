package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static dev.warder.servers.Patience.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Flood;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The WAR in the place of the running one: again and again, under load each time; and on a node that was drained by {@code
 * conf/drain.sh}, with the file that the server's files of {@code conf/} name. The script needs curl.
 */
final class Redeployments {
    private static final int TIMES = 5;
    private static final long FLOOD = 96L << 20;
    private static final Duration SOON = Limit.seconds(5);
    private static final Duration LIMIT = Limit.seconds(10);
    private final ServerGround ground;
    private final ServerProcess server;
    private final Leftovers leftovers;

    Redeployments(ServerGround ground) {
        this.ground = ground;
        this.server = ground.server();
        this.leftovers = new Leftovers(server);
    }

    /** Each stream ends with one error event, and in the end no thread, class loader or connection is left. */
    void leaveNothingBehind() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            redeploy();
        }
        assertThat(leftovers.threads()).isNotEmpty();
        leftovers.awaitDeployments(server.mostDeployments());
        undeployUnderAClientThatDoesNotRead();
        eventually(
                () -> "no connection is open",
                SOON,
                () -> ground.upstream().open().value() == 0);
    }

    /** On Liberty a thread waits for such a client until that leaves, or for the server's time-out of 90 s. */
    private void undeployUnderAClientThatDoesNotRead() throws IOException, InterruptedException {
        ground.upstream().next((request, reply) -> reply.flood(FLOOD));
        try (var client = ground.clientWithSmallBuffer()) {
            client.send(ground.authenticated("GET", "/v1/files/1/content")).readHead();
            ground.upstream().take();
            pause(2000);
            server.undeploy();
            server.awaitUndeployed();
        }
        leftovers.awaitNoThreads();
    }

    /**
     * New requests are turned away while an open stream goes on to its end; without the file the next deployment is ready.
     */
    void letAStreamEndWhereTheNodeDrains() throws IOException, InterruptedException {
        int starts = server.count("Warder is ready");
        Files.createDirectories(server.drainFile().getParent());
        try {
            letsAStreamEnd();
        } finally {
            Files.deleteIfExists(server.drainFile());
        }
        assertThat(readiness()).isEqualTo(503);
        server.redeploy();
        server.awaitLog("Warder is ready", starts + 1);
        eventually(() -> "the new deployment is ready", LIMIT, () -> server.well("/health/ready"));
    }

    private void letsAStreamEnd() throws IOException, InterruptedException {
        var mayEnd = new CountDownLatch(1);
        ground.upstream()
                .next(Script.events(Messages.ping(), mayEnd, Messages.delta("after the drain began"), Messages.end()));
        try (var client = ground.client()) {
            client.send(ground.streaming()).readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
            var script = drain();
            eventually(() -> "it drains", LIMIT, () -> !server.well("/health/ready"));
            assertThat(readiness()).isEqualTo(503);
            assertThat(ground.exchange(ground.authenticated("GET", "/v1/models"))
                            .status())
                    .isEqualTo(503);
            assertThat(script.waitFor(3, TimeUnit.SECONDS))
                    .as("it waits for a stream")
                    .isFalse();
            mayEnd.countDown();
            assertThat(ServerGround.rest(client))
                    .extracting(RawEvent::name)
                    .startsWith("content_block_delta")
                    .doesNotContain("error")
                    .endsWith("message_stop");
            assertThat(script.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("it returns")
                    .isTrue();
            assertThat(script.exitValue()).isZero();
        } finally {
            mayEnd.countDown();
        }
    }

    /** Runs the script of {@code conf/}, for a front end that takes the node out within a second. */
    private Process drain() throws IOException {
        var builder = new ProcessBuilder(
                "sh",
                Site.conf("drain.sh").toString(),
                server.drainFile().toString(),
                server.site().baseUri().toString());
        builder.environment().putAll(Map.of("WARDER_UNLIST", "1", "WARDER_DRAIN", "60"));
        var output = server.site().folder().resolve("drain.log").toFile();
        return builder.redirectErrorStream(true).redirectOutput(output).start();
    }

    private int readiness() throws IOException {
        return ground.exchange(ground.plain("GET", "/health/ready")).status();
    }

    private void redeploy() throws Exception {
        int starts = server.count("Warder is ready");
        try (var load = new Load(ground)) {
            server.redeploy();
            server.awaitLog("Warder is ready", starts + 1);
            server.awaitDeployed();
            load.awaitEnd();
        }
    }

    /** Three streams, an upload and short requests on each of four threads, while the deployment behind them goes away. */
    private static final class Load implements AutoCloseable {
        private static final int STREAMS = 3;
        private static final int CALLERS = 4;
        private static final int LIMIT_SECONDS = 60;

        /** More than is ever sent. */
        private static final int UPLOAD = 1 << 30;

        /** In WildFly's own 500 for a request that it took before it stopped the deployment, and that no filter saw. */
        private static final String STOPPED = "UT010051: Deployment warder.war has stopped";

        private static final int PIECE = 16 * 1024;

        private final ServerGround ground;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final List<RawClient> clients = new ArrayList<>();
        private final List<Future<List<String>>> streams = new ArrayList<>();
        private final Future<Integer> upload;
        private final List<Future<Set<Integer>>> callers = new ArrayList<>();
        private volatile boolean over;

        /** Begins all of it; each stream has begun then, and the upload has reached the upstream. */
        Load(ServerGround ground) throws IOException, InterruptedException {
            this.ground = ground;
            ground.upstream().keepBodies(0).on("/v1/messages", ServerGround::endless);
            for (int i = 0; i < STREAMS; i++) {
                var client = connect().send(ground.streaming());
                assertThat(client.readHead().status()).isEqualTo(200);
                ground.upstream().take();
                streams.add(threads.submit(() ->
                        ServerGround.rest(client).stream().map(RawEvent::name).toList()));
            }
            var uploading = connect();
            upload = threads.submit(() -> upload(uploading));
            ground.upstream().take();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(this::shortRequests));
            }
        }

        private RawClient connect() throws IOException {
            var client = ground.client();
            clients.add(client);
            return client;
        }

        /** The status of the answer; 0 when the connection is lost. */
        private int upload(RawClient client) throws IOException, InterruptedException {
            try {
                client.send(ground.authenticated("POST", "/v1/files")
                        .field("Content-Length", Integer.toString(UPLOAD))
                        .head());
                for (int at = 0; !over; at += PIECE) {
                    client.send(Flood.piece(at, PIECE));
                    pause(20);
                }
                return client.readResponse().status();
            } catch (SocketTimeoutException hangs) {
                throw hangs;
            } catch (IOException lost) {
                return 0;
            }
        }

        /** The statuses that came, one answer after the other without a pause; 0 stands for lost connections. */
        private Set<Integer> shortRequests() throws IOException {
            var statuses = new TreeSet<Integer>();
            while (!over) {
                statuses.add(shortRequest());
            }
            return statuses;
        }

        private int shortRequest() throws IOException {
            try {
                var answer = ground.exchange(ground.authenticated("GET", "/v1/models"));
                if (!answer.text().contains(STOPPED)) {
                    assertThat(answer.status()).as(answer.text()).isIn(200, 404, 503);
                }
                return answer.status();
            } catch (SocketTimeoutException hangs) {
                throw hangs;
            } catch (IOException lost) {
                return 0;
            }
        }

        /** Stops asking, now that the next deployment is there, and looks at how all of it ended. */
        void awaitEnd() throws InterruptedException, ExecutionException, TimeoutException {
            over = true;
            for (var stream : streams) {
                assertThat(stream.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                        .endsWith("error")
                        .containsOnlyOnce("error");
            }
            assertThat(upload.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("the upload")
                    .isNotEqualTo(200);
            for (var caller : callers) {
                assertThat(caller.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                        .as("short requests")
                        .contains(200);
            }
        }

        @Override
        public void close() throws IOException {
            over = true;
            for (var client : clients) {
                client.close();
            }
            threads.shutdownNow();
            ground.upstream().clear();
            ground.upstream().keepBodies(64 << 20);
        }
    }
}
