package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No client sees a byte of another one's response, although connections are shared and fail or end at any moment. */
@OnEachContainer
@Tag("turn-4")
class CrossTalkContract extends DeployedContract {
    private static final int WORKERS = 16;
    private static final Pattern NONCE = Pattern.compile("nonce-\\d+-\\d+");

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("stream.keepAlive", "0s")
                .with(
                        "upstream.credentials",
                        "a=jndi:warder/secret.key; b=jndi:warder/secret.b; c=jndi:warder/secret.c")
                .withJndi("warder/secret.b", PoolContract.key(1))
                .withJndi("warder/secret.c", PoolContract.key(2));
    }

    /**
     * 50,000 exchanges for each container, a tenth in the gate and ten times as many with {@code -Plong}, of every kind: both dialects, the raw route,
     * credentials of the clients' own, whole responses and streams, small bodies and large ones.
     */
    @Test
    void givesEveryClientItsOwnResponseUnderRandomFaults() throws Exception {
        long seed = Long.getLong("warder.seed", System.nanoTime());
        int each = (Boolean.getBoolean("warder.long") ? 500_000 : Turns.of(5_000, 50_000)) / WORKERS;
        System.out.println("cross-talk: " + WORKERS * each + " exchanges, -Dwarder.seed=" + seed);
        log.level("dev.warder", Level.WARNING).plant(PoolContract.key(1), PoolContract.key(2));
        upstream.keepBodies(256 * 1024).script(new EchoedNonce(seed).script());
        var workers = Executors.newFixedThreadPool(WORKERS);
        var tallies = new ArrayList<NonceClient.Tally>();
        try {
            var work = new ArrayList<Callable<NonceClient.Tally>>();
            for (int i = 0; i < WORKERS; i++) {
                int number = i;
                work.add(
                        () -> new NonceClient(container, new Random(seed + number), number, upstream::clear).run(each));
            }
            for (var done : workers.invokeAll(work)) {
                tallies.add(done.get());
            }
        } finally {
            workers.shutdownNow();
        }
        var all = tallies.stream().reduce(NonceClient.Tally::plus).orElseThrow();
        System.out.println("cross-talk: " + all);
        assertThat(all.mismatches()).isEmpty();
        assertThat(all.unanswered()).isZero();
        assertThat(all.whole()).isGreaterThan(WORKERS * each * 6 / 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void givesEveryClientItsOwnAnswer(long seed) throws Exception {
        upstream.script((request, reply) -> {
            var found = NONCE.matcher(request.text());
            assertThat(found.find()).isTrue();
            String nonce = found.group();
            var deltas = new String[5 + nonce.hashCode() % 5];
            java.util.Arrays.fill(deltas, nonce);
            reply.eventStream();
            for (var event : Messages.stream(deltas)) {
                reply.chunk(event);
                pause(2);
            }
            reply.lastChunk();
        });
        var workers = Executors.newFixedThreadPool(16);
        try {
            var work = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 16; i++) {
                long number = seed * 100 + i;
                work.add(() -> exchanges(new Random(number), number));
            }
            int whole = 0;
            for (var done : workers.invokeAll(work)) {
                whole += done.get();
            }
            assertThat(whole).isBetween(100, 190);
        } finally {
            workers.shutdownNow();
        }
    }

    /** Thirteen exchanges on one thread; a client stays on its connection until it leaves. Answers how many ended. */
    private int exchanges(Random random, long number) throws Exception {
        int whole = 0;
        var client = client();
        for (int i = 0; i < 13; i++) {
            String nonce = "nonce-" + number + "-" + i;
            client.send(message("{\"model\":\"claude-x\",\"stream\":true,\"nonce\":\"" + nonce + "\"}"));
            if (random.nextInt(3) == 0) {
                leave(client, random);
                client = client();
            } else {
                assertOwn(client, nonce);
                whole++;
            }
        }
        client.close();
        return whole;
    }

    private static void assertOwn(RawClient client, String nonce) throws IOException {
        var answer = assertStatus(200, client.readResponse());
        assertThat(answer.truncated()).isFalse();
        assertThat(answer.text()).contains(nonce).endsWith(Messages.end());
        assertThat(NONCE.matcher(answer.text()).results())
                .allMatch(found -> found.group().equals(nonce));
    }

    private static void leave(RawClient client, Random random) throws IOException, InterruptedException {
        pause(random.nextInt(25));
        if (random.nextBoolean()) {
            client.readHead();
            client.readSome(1 + random.nextInt(500));
        }
        if (random.nextBoolean()) {
            client.reset();
        } else {
            client.close();
        }
    }
}
