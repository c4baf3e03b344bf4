package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** Which managed credential takes a request, and how many it is sent with. */
class PoolOrderContract extends PoolContract {
    private static final int CLIENTS = 12;

    @Test
    void staysWithTheCredentialThatAnsweredASession() throws Exception {
        var pool = pool("sticky", 2);
        next(error(529, "busy"));
        assertThat(ask(pool, "one").text()).isEqualTo(FINE);
        assertThat(ask(pool, "two").text()).isEqualTo(FINE);
        assertThat(ask(pool, "one").text()).isEqualTo(FINE);
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(sentWith()).containsExactly("c0", "c1", "c0", "c1", "c0");
    }

    @Test
    void takesCredentialsByTheirWeights() throws Exception {
        var pool = pool(
                "weighted",
                several(2)
                        .with("upstream.credentials", "c0*3=jndi:warder/secret.k0; c1=jndi:warder/secret.k1")
                        .with("upstream.pool", "weighted"));
        for (int i = 0; i < 8; i++) {
            ask(pool);
        }
        assertThat(Collections.frequency(sentWith(), "c0")).isEqualTo(6);
        assertThat(Collections.frequency(sentWith(), "c1")).isEqualTo(2);
    }

    @Test
    void tellsAtFineEachCredentialThatARequestIsSentWith() throws Exception {
        var pool = pool(
                "kinds",
                several(1)
                        .with(
                                "upstream.credentials",
                                "c0=jndi:warder/secret.k0; login=jndi:warder/secret.oat; team=bearer:jndi:warder/secret.team")
                        .withJndi("warder/secret.oat", Setup.MANAGED_OAUTH)
                        .withJndi("warder/secret.team", Setup.MANAGED_BEARER));
        ground.log().plant(Setup.MANAGED_OAUTH, Setup.MANAGED_BEARER);
        next(error(529, "busy"), error(529, "busy"));
        var answer = ask(pool);
        String id = id(answer);
        assertThat(accessLine(answer)).contains("credential=team/bearer ");
        assertThat(ground.log().lines("dev.warder", Level.ALL))
                .filteredOn(line -> line.text().endsWith("for request " + id))
                .extracting(line -> line.text() + " at " + line.level())
                .containsExactly(
                        "[ApiKey] Using managed API key for request " + id + " at FINE",
                        "[OAuth] Using router OAuth token for request " + id + " at FINE",
                        "[Bearer] Using managed bearer token for request " + id + " at FINE");
        assertThat(ground.upstream().requests())
                .extracting(sent -> sent.fields().values("x-api-key").size()
                        + sent.fields().values("Authorization").size())
                .containsExactly(1, 1, 1);
    }

    @Test
    void sendsNothingMoreWithACredentialThatHangs() throws Exception {
        var never = new CountDownLatch(1);
        var pool = pool("hanging", several(2).with("timeouts.firstByte", "2s"));
        next((request, reply) -> reply.await(never));
        assertThat(ask(pool).text()).isEqualTo(FINE);
        ground.upstream().requests().get(0).awaitPeerClosed(DeployedContract.SOON);
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(sentWith()).containsExactly("c0", "c1", "c1", "c1");
        never.countDown();
    }

    /** All are sent with the first two; of the third sendings no more are under way at once than the budget grants. */
    @Test
    void boundsHowManyAreSentAThirdTime() throws Exception {
        var pool = pool("budget", 3);
        var atFirst = new CountDownLatch(CLIENTS);
        var atSecond = new CountDownLatch(CLIENTS);
        var allowed = new CountDownLatch(1);
        ground.upstream().on("/v1/messages", (request, reply) -> {
            switch (name(request)) {
                case "c0" -> meet(atFirst);
                case "c1" -> meet(atSecond);
                default -> reply.await(allowed);
            }
            if (name(request).equals("c2")) {
                reply.json(200, FINE);
            } else {
                reply.json(529, "{}");
            }
        });
        var threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            var answers = askAtOnce(pool, threads);
            Eventually.holds(
                    DeployedContract.SOON,
                    () -> answers.stream().filter(Future::isDone).count() == CLIENTS - 3
                            && Collections.frequency(sentWith(), "c2") == 3);
            allowed.countDown();
            var statuses = new ArrayList<Integer>();
            for (var answer : answers) {
                statuses.add(answer.get().status());
            }
            assertThat(Collections.frequency(statuses, 200)).isEqualTo(3);
            assertThat(Collections.frequency(statuses, 529)).isEqualTo(CLIENTS - 3);
        } finally {
            allowed.countDown();
            threads.shutdownNow();
        }
    }

    private static List<Future<RawResponse>> askAtOnce(Container pool, ExecutorService threads) {
        var answers = new ArrayList<Future<RawResponse>>();
        for (int i = 0; i < CLIENTS; i++) {
            Callable<RawResponse> asking = () -> ask(pool);
            answers.add(threads.submit(asking));
        }
        return answers;
    }

    private static RawResponse ask(Container pool, String session) throws Exception {
        return Ground.send(pool, question(pool).field("x-claude-code-session-id", session));
    }

    private static void meet(CountDownLatch all) throws InterruptedException {
        all.countDown();
        all.await();
    }
}
