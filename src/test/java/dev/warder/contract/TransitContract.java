package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.testkit.Container;
import dev.warder.testkit.Flood;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a client does not read, or an upstream does not take, has a part of the memory for bodies. Where it is short, the slowest
 * exchanges of the client that holds most are broken off, and no other client's.
 */
@OnEachContainer
class TransitContract extends Contract {
    private static final int MIB = 1 << 20;

    /** More than kernels hold for one connection. */
    private static final int FLOOD = 48 * MIB;

    /** More than a client's share of the memory has room for. */
    private static final int EXCHANGES = 16;

    private final AccessToken hostile = AccessToken.generate(new SecureRandom());
    private final AccessToken other = AccessToken.generate(new SecureRandom());

    @TempDir
    Path folder;

    private Container container;

    @BeforeEach
    final void deploy() throws Exception {
        log.plant(hostile.reveal(), other.reveal());
        var file = Files.write(folder.resolve("clients"), List.of(line(hostile, "hostile"), line(other, "other")));
        container = deploy(deployment()
                .with("clients.file", file.toString())
                .with("limits.memory", "1m")
                .with("timeouts.clientWrite", "300s"));
    }

    @Test
    void breaksOffTheSlowestResponsesOfTheClientThatReadsNothing() throws Exception {
        upstream.script((request, reply) -> {
            if (request.path().endsWith("/content")) {
                reply.flood(FLOOD);
            } else {
                reply.json(200, Messages.message("served"));
            }
        });
        // The slowest of all, since it is the first.
        var patient = reads(other);
        for (int i = 0; i < EXCHANGES; i++) {
            closing(reads(hostile));
        }
        log.await(
                "dev.warder.access", line -> line.contains(" client=hostile ") && line.contains(" end=timeout "), SOON);
        eventually(() -> collected() <= MIB / 2 + 256 * 1024);
        assertStatus(
                200,
                exchange(
                        container,
                        request(other, "POST", "/v1/messages")
                                .json("{\"model\":\"claude-x\",\"x\":\"" + "x".repeat(MIB) + "\"}")));
        assertThat(patient.readSummary().length()).isEqualTo(FLOOD);
        assertThat(log.lines("dev.warder.access", Level.ALL))
                .noneMatch(line ->
                        line.text().contains(" client=other ") && line.text().contains(" end=timeout "));
    }

    private RawClient reads(AccessToken token) throws Exception {
        var client =
                RawClient.connect(container.baseUri(), 32 * 1024).send(request(token, "GET", "/v1/files/1/content"));
        assertThat(client.readHead().status()).isEqualTo(200);
        return client;
    }

    @Test
    void refusesTheSlowestBodiesThatTheUpstreamDoesNotTake() throws Exception {
        var mayRead = latch();
        upstream.socketBuffers(64 * 1024, 0).script(Script.atHead((request, reply) -> {
            if (request.path().endsWith("/files")) {
                reply.await(mayRead);
            }
            if (reply.readBody()) {
                reply.json(200, Messages.message("served"));
            }
        }));
        var threads = Executors.newCachedThreadPool();
        try {
            var patient = threads.submit(() -> upload(other));
            upstream.take();
            var statuses = new ArrayList<Future<Integer>>();
            for (int i = 0; i < EXCHANGES; i++) {
                statuses.add(threads.submit(() -> upload(hostile)));
            }
            log.await(
                    "dev.warder.access",
                    line -> line.contains(" client=hostile ") && line.contains(" status=503 "),
                    PATIENCE);
            eventually(() -> collected() <= MIB / 2 + 256 * 1024);
            assertStatus(
                    200,
                    exchange(container, request(other, "POST", "/v1/messages").json("{\"model\":\"claude-x\"}")));
            mayRead.countDown();
            assertThat(patient.get()).isEqualTo(200);
            int refused = 0;
            for (var status : statuses) {
                refused += status.get() == 503 ? 1 : 0;
            }
            assertThat(refused).isBetween(1, EXCHANGES - 1);
        } finally {
            mayRead.countDown();
            threads.shutdownNow();
        }
    }

    private int upload(AccessToken token) throws Exception {
        try (var client = connect(container)) {
            return Flood.upload(client, request(token, "POST", "/v1/files"), FLOOD, new AtomicLong());
        }
    }

    private long collected() {
        return (long) container.gateway("CollectedBytes");
    }

    private static String line(AccessToken token, String name) {
        return token.line(name) + " rights=managed,workspace";
    }

    private static RawRequest request(AccessToken token, String method, String path) {
        return RawRequest.of(method, path).field("X-Warder-Token", token.reveal());
    }
}
