package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which managed credential takes a request, and how many it is sent with.
 *
 * <p>A whole response begins for the client with its first body byte or its end, not with its head (rule "First body
 * byte").
 */
class PoolOrderContract extends PoolContract {
    private static final int CLIENTS = 12;
    private static final int NODES = 3;
    private static final int SESSIONS = 24;
    private static final String HEAD = "HTTP/1.1 %d Fine\r\nContent-Type: application/json\r\n%s\r\n\r\n";

    /** Nodes that share nothing, called in turns. */
    @Test
    void keepsASessionWithItsCredentialOnEachNode() throws Exception {
        var nodes = new ArrayList<Container>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(pool("node" + i, several(4).with("upstream.pool", "weighted")));
        }
        var before = sessions(nodes);
        assertThat(before).doesNotContain("several").contains("c0", "c1", "c2", "c3");
        // Out of use on each node once it has answered a request there.
        upstream.on("/v1/messages", (request, reply) -> {
            if (name(request).equals("c1")) {
                reply.json(402, "{}");
            } else {
                reply.json(200, FINE);
            }
        });
        sessions(nodes);
        var after = sessions(nodes);
        for (int i = 0; i < SESSIONS; i++) {
            if (before.get(i).equals("c1")) {
                assertThat(after.get(i)).isNotEqualTo("several").isNotEqualTo("c1");
            } else {
                assertThat(after.get(i)).isEqualTo(before.get(i));
            }
        }
    }

    /** The credential of each session, or {@code several}. */
    private List<String> sessions(List<Container> nodes) throws Exception {
        var found = new ArrayList<String>();
        for (int session = 0; session < SESSIONS; session++) {
            int begun = sentWith().size();
            for (var node : nodes) {
                assertThat(ask(node, "session" + session).text()).isEqualTo(FINE);
            }
            var sent = sentWith();
            var used = new TreeSet<>(sent.subList(begun, sent.size()));
            found.add(used.size() == 1 ? used.first() : "several");
        }
        return found;
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
        log.plant(Setup.MANAGED_OAUTH, Setup.MANAGED_BEARER);
        next(error(529, "busy"), error(529, "busy"));
        var answer = ask(pool);
        String id = id(answer);
        assertThat(line(answer)).contains("credential=team/bearer ");
        assertThat(log.lines("dev.warder", Level.ALL))
                .filteredOn(line -> line.text().endsWith("for request " + id))
                .extracting(line -> line.text() + " at " + line.level())
                .containsExactly(
                        "[ApiKey] Using managed API key for request " + id + " at FINE",
                        "[OAuth] Using router OAuth token for request " + id + " at FINE",
                        "[Bearer] Using managed bearer token for request " + id + " at FINE");
        assertThat(upstream.requests())
                .extracting(sent -> sent.fields().values("x-api-key").size()
                        + sent.fields().values("Authorization").size())
                .containsExactly(1, 1, 1);
    }

    @Test
    void sendsNothingMoreWithACredentialThatHangs() throws Exception {
        var pool = pool("hanging", several(2).with("timeouts.firstByte", "2s"));
        next((request, reply) -> reply.await(latch()));
        assertThat(ask(pool).text()).isEqualTo(FINE);
        upstream.requests().get(0).awaitPeerClosed(SOON);
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(sentWith()).containsExactly("c0", "c1", "c1", "c1");
    }

    /** All are sent with the first two; of the third sendings no more are under way at once than the budget grants. */
    @Test
    void boundsHowManyAreSentAThirdTime() throws Exception {
        var pool = pool("budget", 3);
        var atFirst = new CountDownLatch(CLIENTS);
        var atSecond = new CountDownLatch(CLIENTS);
        var allowed = latch();
        upstream.on("/v1/messages", (request, reply) -> {
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
            eventually(() -> answers.stream().filter(Future::isDone).count() == CLIENTS - 3
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
        return send(pool, question(pool).field("x-claude-code-session-id", session));
    }

    private static void meet(CountDownLatch all) throws InterruptedException {
        all.countDown();
        all.await();
    }

    /** How a response ends between its head and its body. */
    enum Death {
        RESET("Content-Length: 100", 502),
        FIN("Content-Length: 100", 502),
        CHUNKED_RESET("Transfer-Encoding: chunked", 502),
        CHUNKED_FIN("Transfer-Encoding: chunked", 502),
        SILENCE("Content-Length: 100", 504);

        private final String framing;
        private final int status;

        Death(String framing, int status) {
            this.framing = framing;
            this.status = status;
        }

        void after(Reply reply, int answered) throws Exception {
            reply.send(HEAD.formatted(answered, framing));
            switch (this) {
                case RESET, CHUNKED_RESET -> reply.reset();
                case FIN, CHUNKED_FIN -> reply.closeNow();
                case SILENCE -> reply.await(latch());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void refusesWithACredentialOfTheClients(Death death) throws Exception {
        assertRefused(death, pool(1), pool -> question(pool).bearer(OWN_OAUTH));
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void refusesWhereNoOtherCredentialMayTry(Death death) throws Exception {
        assertRefused(death, pool(1), PoolContract::question);
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void refusesOnTheRawRoute(Death death) throws Exception {
        assertRefused(death, pool(48), pool -> authenticated(pool, "POST", "/anthropic/v1/messages")
                .json(QUESTION));
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void takesTheNextCredential(Death death) throws Exception {
        next((request, reply) -> death.after(reply, 200));
        assertThat(ask(pool(48)).text()).isEqualTo(FINE);
        assertThat(sentWith()).hasSize(2).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void takesTheNextCredentialWithoutABody(Death death) throws Exception {
        next((request, reply) -> death.after(reply, 200));
        var pool = pool(48);
        assertThat(send(pool, authenticated(pool, "GET", "/v1/models")).text()).isEqualTo(FINE);
        assertThat(upstream.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void refusesAnErrorToo(Death death) throws Exception {
        next((request, reply) -> death.after(reply, 404));
        Refusal.check(ask(pool(1)), death.status, death.status == 504 ? "timeout_error" : "api_error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 0", "Transfer-Encoding: chunked", "X-End: close"})
    void passesAnEmptyResponseOn(String framing) throws Exception {
        next((request, reply) -> {
            reply.send(HEAD.formatted(200, framing));
            if (framing.contains("chunked")) {
                reply.lastChunk();
            } else if (framing.contains("close")) {
                reply.closeNow();
            }
        });
        var response = ask(pool(48));
        assertText(200, response).isEmpty();
        assertThat(response.truncated()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void passesAResponseWithoutABodyOnAtItsHead(int status) throws Exception {
        next((request, reply) -> reply.send("HTTP/1.1 " + status + " Fine\r\nETag: \"a\"\r\n\r\n"));
        assertStatus(status, ask(pool(1)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesTheResponseToAHeadRequestOnAtItsHead(boolean own) throws Exception {
        next((request, reply) -> reply.send(HEAD.formatted(200, "Content-Length: 100")));
        var pool = pool(1);
        var request = authenticated(pool, "HEAD", "/v1/models");
        var response = ok(pool, own ? request.bearer(OWN_OAUTH) : request);
        assertThat(response.fields().values("Content-Length")).containsExactly("100");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesTheFirstByteOnAtOnce(boolean own) throws Exception {
        var read = latch();
        next((request, reply) -> {
            reply.length(2);
            reply.content("{".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            reply.await(read);
            reply.content("}".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        });
        var pool = pool(48);
        var request = own ? question(pool).bearer(OWN_OAUTH) : question(pool);
        try (var client = connect(pool)) {
            var head = client.send(request).readHead();
            var first = client.readSome(1);
            read.countDown();
            assertThat(client.readBody(head).after(first).text()).isEqualTo("{}");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesTheHeadOfAStreamOnAtOnce(boolean own) throws Exception {
        var read = latch();
        next((request, reply) -> {
            reply.eventStream();
            reply.await(read);
            for (var event : Messages.stream("late")) {
                reply.chunk(event);
            }
            reply.lastChunk();
        });
        var pool = pool(1);
        var request = own ? question(pool).bearer(OWN_OAUTH) : question(pool);
        try (var client = connect(pool)) {
            var head = client.send(request).readHead();
            assertThat(head.status()).isEqualTo(200);
            read.countDown();
            assertThat(client.readBody(head).text()).isEqualTo(String.join("", Messages.stream("late")));
        }
    }

    /** From the head on {@code timeouts.idle} counts: it is longer than the time for the first byte here. */
    @Test
    void waitsForTheFirstByteByTheTimeForSilence() throws Exception {
        var head = latch();
        next((request, reply) -> {
            reply.length(2);
            head.countDown();
            Thread.onSpinWait();
            reply.await(latch());
        });
        var pool = pool("slow", several(1).with("timeouts.firstByte", "300ms").with("timeouts.idle", "3s"));
        long began = System.nanoTime();
        Refusal.check(ask(pool), 504);
        assertThat(java.time.Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThan(java.time.Duration.ofSeconds(2));
    }

    private void assertRefused(Death death, Container pool, Function<Container, RawRequest> request) throws Exception {
        Script dying = (asked, reply) -> death.after(reply, 200);
        next(dying);
        RawResponse response = send(pool, request.apply(pool));
        Refusal.check(response, death.status, death.status == 504 ? "timeout_error" : "api_error");
        assertThat(line(response)).contains("end=" + (death.status == 504 ? "timeout" : "upstream-lost"));
        assertThat(upstream.requests()).hasSize(1);
    }

    private Container pool(int keys) throws Exception {
        return pool("of-" + keys, several(keys).with("timeouts.idle", "1s").with("stream.keepAlive", "0s"));
    }
}
