package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.Eventually;
import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.Limit;
import dev.warder.testkit.OpenApiCheck;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Tally;
import dev.warder.testkit.Turns;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exchanges over all traps, two price bands, a change of prices, gzip, chat completions, failover, and ends at every event,
 * while the gateway is killed and its PostgreSQL stopped: the ledger has afterwards what the upstream has sent, and nothing
 * else.
 */
@Timeout(1200)
@Tag("turn-2")
class LedgerSuiteIT {
    private static final boolean LONG = Boolean.getBoolean("warder.long");
    private static final int EXCHANGES = LONG ? 10_000 : Turns.of(300, 1_000);
    private static final int KILLS = LONG ? 20 : Turns.of(1, 3);
    private static final int OUTAGES = LONG ? 5 : 1;
    private static final int AT_ONCE = 200;
    private static final int THREADS = 24;

    /** Exchanges after the change of prices: some of them have a whole response of the model whose price it changes. */
    private static final int AFTER = Turns.of(250, 500);

    private static final Duration LIMIT = Limit.seconds(120);

    /** Until then the prices stay as they are. */
    private static final Instant LATER = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);

    /** From the time at which the file is written until they change: the gateway has read it by then, or reads it late. */
    private static final int SOON_SECONDS = 2;

    @TempDir
    private Path folder = Path.of("");

    private final Tally finished = new Tally();
    private final List<Long> kills = new ArrayList<>();

    private EmbeddedPostgres postgres(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }

    private Path write(Instant change) throws IOException {
        return Files.writeString(folder.resolve("prices.json"), SuiteCase.prices(change));
    }

    private Map<String, String> settings(ScriptedUpstream upstream, int port) throws IOException {
        var settings = new HashMap<>(SuiteGateway.common(upstream.uri()));
        settings.put("prices.file", write(LATER).toString());
        settings.put("data.dir", folder.resolve("data").toString());
        settings.put("database.url", "jdbc:postgresql://127.0.0.1:" + port + "/postgres");
        settings.put("database.user", "postgres");
        return settings;
    }

    @Test
    void hasWhatTheUpstreamHasSent() throws Exception {
        var said = new SuiteUpstream(AT_ONCE);
        var client = new SuiteClient(said);
        var database = postgres(0);
        int port = database.getPort();
        try (var upstream = ScriptedUpstream.plain().keepBodies(0).script(said);
                var gateway = new SuiteGateway(settings(upstream, port))) {
            int many = AT_ONCE + AT_ONCE / 10;
            var first = work(many, 0, many, client, gateway);
            finished.awaitAtLeast(AT_ONCE, LIMIT);
            int each = (EXCHANGES - many) / (KILLS + OUTAGES + 1);
            int next = many;
            var pools = new ArrayList<>(List.of(first));
            for (int step = 0; step < KILLS + OUTAGES; step++) {
                boolean outage = step % 5 == 1;
                if (outage) {
                    database.close();
                }
                pools.add(work(THREADS, next, next + each, client, gateway));
                if (outage) {
                    finished.awaitAtLeast(next + each, LIMIT);
                    database = postgres(port);
                } else {
                    finished.awaitAtLeast(next + each / 2, LIMIT);
                    kills.add(gateway.kill());
                }
                next += each;
            }
            pools.add(work(THREADS, next, EXCHANGES, client, gateway));
            finished.awaitAtLeast(EXCHANGES, LIMIT);
            var change = changePrices(gateway);
            pools.add(work(THREADS, EXCHANGES, EXCHANGES + AFTER, client, gateway));
            finished.awaitAtLeast(EXCHANGES + AFTER, LIMIT);
            pools.forEach(ExecutorService::shutdown);
            assertThat(said.wereTogether()).isTrue();
            assertThat(kills).hasSize(KILLS);
            new SuiteComparison(
                            said, number -> kills.stream().anyMatch(kill -> client.wasUnderWay(number, kill)), change)
                    .compare(complete(gateway, said));
        } finally {
            database.close();
        }
    }

    /** Once all that came before has been admitted; returns when prices have changed, and the gateway knows. */
    private Instant changePrices(SuiteGateway gateway) throws Exception {
        var change = Instant.now().plusSeconds(SOON_SECONDS).truncatedTo(ChronoUnit.SECONDS);
        // A file of the same size needs another time stamp, which it has: kills lie between.
        write(change);
        Eventually.holds(LIMIT, () -> gateway.log().contains("file prices.json: reloaded"));
        pass(change);
        return change;
    }

    private static void pass(Instant time) throws InterruptedException {
        long millis = Instant.now().until(time, ChronoUnit.MILLIS);
        assertThat(new CountDownLatch(1).await(millis + 1, TimeUnit.MILLISECONDS))
                .isFalse();
    }

    private ExecutorService work(int threads, int from, int end, SuiteClient client, SuiteGateway gateway) {
        var next = new AtomicInteger(from);
        var pool = Executors.newFixedThreadPool(threads);
        for (int i = 0; i < threads; i++) {
            pool.execute(() -> {
                for (int number = next.getAndIncrement(); number < end; number = next.getAndIncrement()) {
                    client.exchange(gateway.uri(), number);
                    finished.add(1);
                }
            });
        }
        return pool;
    }

    /** The rows, when all requests have theirs or the limit has passed. */
    private static List<JsonObject> complete(SuiteGateway gateway, SuiteUpstream said) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        var never = new CountDownLatch(1);
        boolean waits = true;
        while (waits && requests(gateway.rows()) < said.tries().size()) {
            waits = System.nanoTime() - end < 0 && !never.await(200, TimeUnit.MILLISECONDS);
        }
        // The rows of a request are stored together, but an export may have been past the first of them by then.
        return gateway.rows();
    }

    private static long requests(List<JsonObject> rows) {
        return rows.stream().map(row -> row.getString("session_id")).distinct().count();
    }

    /**
     * The clients of {@link LedgerSuiteIT}: send requests by their numbers, and keep when each was under way.
     * Thread-safe.
     */
    private static final class SuiteClient {
        private static final String HELLO = "{\"role\":\"user\",\"content\":\"Hello\"}";

        /** More than the upstream may wait. */
        private static final int MILLIS =
                (int) SuiteUpstream.TOGETHER.plusSeconds(10).toMillis();

        private final SuiteUpstream upstream;
        private final Map<Integer, Times> times = new ConcurrentHashMap<>();

        /** In nanoseconds of this machine's clock. */
        private record Times(long began, long ended) {}

        SuiteClient(SuiteUpstream upstream) {
            this.upstream = upstream;
        }

        /** Sends a request and reads its response, as far as the gateway lives so long. */
        void exchange(URI gateway, int number) {
            long began = System.nanoTime();
            try (var client = RawClient.connect(gateway).readTimeout(MILLIS)) {
                client.send(request(number));
                if (SuiteUpstream.Plan.of(number) == SuiteUpstream.Plan.CLIENT_LEAVES) {
                    leave(client, number);
                } else {
                    client.readResponse();
                }
            } catch (IOException killed) {
                // The rows have to be right nevertheless.
            }
            times.put(number, new Times(began, System.nanoTime()));
        }

        /** The events may be fewer: an upstream's error before the message is not relayed as an event. */
        private void leave(RawClient client, int number) throws IOException {
            if (client.readHead().status() == 200) {
                for (int i = 0; i < upstream.eventsBeforeEnd(number); i++) {
                    if (client.readEvent().isEmpty()) {
                        return;
                    }
                }
            }
            client.reset();
        }

        private RawRequest request(int number) {
            var plan = SuiteUpstream.Plan.of(number);
            var path =
                    switch (plan) {
                        case GZIP -> "/anthropic/v1/messages";
                        case CHAT -> "/v1/chat/completions";
                        case NO_ROW -> "/v1/messages/count_tokens";
                        default -> "/v1/messages";
                    };
            var each = upstream.at(number);
            var request = RawRequest.of("POST", path)
                    .field(SuiteUpstream.NUMBER, Integer.toString(number))
                    .field("X-Claude-Code-Session-Id", Integer.toString(number));
            return (plan == SuiteUpstream.Plan.GZIP ? request.field("Accept-Encoding", "gzip") : request)
                    .json("{\"model\":\"%s\",\"max_tokens\":4096,\"stream\":%s,\"messages\":[%s]}"
                            .formatted(each.model(), each.stream(), plan == SuiteUpstream.Plan.CHAT ? HELLO : ""));
        }

        /** Whether the request was under way at this time, or had ended less than a second before. */
        boolean wasUnderWay(int number, long nanoTime) {
            var known = times.get(number);
            return known != null && known.began() - nanoTime < 0 && known.ended() - nanoTime > -1_000_000_000L;
        }
    }

    /**
     * The standalone gateway of {@link LedgerSuiteIT}, which is killed and started again with the same data.
     * Thread-safe.
     */
    private static final class SuiteGateway implements AutoCloseable {
        private static final String ADMIN = "a".repeat(40);

        private final Map<String, String> settings;

        /** Not complete while there is none. */
        private volatile CompletableFuture<GatewayProcess> current;

        SuiteGateway(Map<String, String> settings) throws Exception {
            this.settings = settings;
            this.current = CompletableFuture.completedFuture(start());
        }

        /** What the settings of every such gateway have; other ones are added. */
        static Map<String, String> common(URI upstream) {
            return Map.of(
                    "upstream.url",
                    upstream.toString(),
                    "upstream.credentials",
                    "main=value:" + "m".repeat(40) + ";spare=value:" + "s".repeat(40),
                    "openai.enabled",
                    "true",
                    "clients.open",
                    "true",
                    "admin.token",
                    "value:" + ADMIN);
        }

        private GatewayProcess start() throws Exception {
            return GatewayProcess.start(GatewayProcess.Form.STANDALONE, settings, "-Xmx256m");
        }

        /** Waits until there is one. */
        URI uri() {
            return current.join().baseUri();
        }

        /** Kills it with SIGKILL, starts another one, and returns the time of the kill. */
        long kill() throws Exception {
            var killed = current.join();
            current = new CompletableFuture<>();
            long now = System.nanoTime();
            assertThat(ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly())
                    .isTrue();
            killed.close();
            current.complete(start());
            return now;
        }

        /** The whole ledger. */
        List<JsonObject> rows() throws Exception {
            var request =
                    RawRequest.of("GET", "/admin/api/ledger?format=jsonl").field("Authorization", "Bearer " + ADMIN);
            var response = OpenApiCheck.checked("", request, RawClient.exchange(uri(), request));
            assertThat(response.status()).as(response.text()).isEqualTo(200);
            return response.text().lines().map(SuiteGateway::row).toList();
        }

        private static JsonObject row(String line) {
            try (var reader = Json.createReader(new StringReader(line))) {
                return reader.readObject();
            }
        }

        /** What it logged since its last start. */
        String log() {
            return current.join().log();
        }

        @Override
        public void close() {
            current.join().close();
        }
    }
}
