package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Upstreams that answer early, strangely or not at all, and the reuse of their connections.
 *
 * <p>Requests that are refused at their head, by clients that break off their body or wait before they send it.
 */
@OnEachContainer
class EarlyAnswerContract extends DeployedContract {
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

    @ParameterizedTest
    @ValueSource(ints = {200, 413, 529})
    void relaysAnAnswerThatComesBeforeTheUploadWasRead(int status) throws Exception {
        upstream.next(Script.atHead(json(status, Messages.error("any", "early"))));
        try (var client = client()) {
            client.send(authenticated("POST", "/v1/files")
                    .field("Content-Length", "5000000")
                    .head());
            client.send(new byte[50_000]);
            assertText(status, client.readResponse()).isEqualTo(Messages.error("any", "early"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 413})
    void relaysAnAnswerThatComesBeforeACollectedBodyWasRead(int status) throws Exception {
        var answered = latch();
        upstream.socketBuffers(16 * 1024, 0).next(Script.atHead((request, reply) -> {
            reply.json(status, Messages.error("any", "early"));
            reply.await(answered);
        }));
        var answer = exchange(message("{\"model\":\"claude-x\",\"messages\":\"" + "x".repeat(20 << 20) + "\"}"));
        answered.countDown();
        assertThat(answer.status()).isEqualTo(status);
        upstream.socketBuffers(0, 0);
    }

    @Test
    void streamsDownWhileTheUploadStillGoesUp() throws Exception {
        upstream.next(Script.atHead((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.ping());
            assertThat(reply.readBody()).isTrue();
            reply.chunk(Messages.end());
            reply.lastChunk();
        }));
        try (var client = client()) {
            client.send(authenticated("POST", "/v1/files")
                    .field("Transfer-Encoding", "chunked")
                    .head());
            client.sendChunk(new byte[1000]);
            var head = client.readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
            client.sendChunk(new byte[1000]).sendChunk(new byte[0]);
            assertThat(client.readBody(head).text()).isEqualTo(Messages.end());
            assertThat(upstream.take().length()).isEqualTo(2000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Ty", "HTTP/1.1 200 OK\r\n", "no HTTP at all\r\n\r\n"})
    void answersWithAnErrorOfItsOwnWhereTheHeadStaysUnfinished(String half) throws Exception {
        upstream.next((request, reply) -> {
            reply.send(half);
            reply.closeNow();
        });
        var answer = exchange(message(STREAMING));
        assertText(502, answer).contains("\"api_error\"").doesNotContain("Exception");
        String line = accessLine(answer.fields());
        assertThat(line).contains("status=502").contains("ttfb=-").contains(" end=upstream-lost ");
    }

    @Test
    void usesOneConnectionForRequestsInARow() throws Exception {
        long before = upstream.accepted().value();
        try (var client = client()) {
            for (int i = 0; i < 100; i++) {
                String text = "number " + i;
                upstream.next((request, reply) -> reply.messageStream(text));
                assertThat(client.exchange(message(STREAMING)).text()).contains(text);
                eventually(() -> number("UpstreamConnectionsLeased") == 0);
            }
        }
        assertThat(upstream.accepted().value() - before).isLessThanOrEqualTo(1);
    }

    @Test
    void uploadsWhateverTheirPace() throws Exception {
        upstream.script((request, reply) -> reply.json(200, Long.toString(request.length())));
        var workers = Executors.newFixedThreadPool(8);
        try {
            var work = new ArrayList<Callable<Boolean>>();
            for (int worker = 0; worker < 24; worker++) {
                work.add(() -> uploadOneAfterTheOther(90));
            }
            for (var done : workers.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            workers.shutdownNow();
        }
    }

    /**
     * Uploads bodies of some small chunks; the last chunk comes with them or a moment later. Each on a connection of its own:
     * Tomcat 10.1.59 now and then closes one whose next request comes while it still ends the one before (an
     * IllegalStateException in its asyncOperation, which 10.1.61 no longer throws).
     */
    private boolean uploadOneAfterTheOther(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            try (var client = client()) {
                client.send(authenticated("POST", "/v1/files")
                        .field("Transfer-Encoding", "chunked")
                        .head());
                for (int n = 0; n < i % 5; n++) {
                    client.sendChunk(new byte[1 + i % 100]);
                }
                client.sendChunk(new byte[0]);
                assertText(200, client.readResponse()).isEqualTo(Integer.toString((i % 5) * (1 + i % 100)));
            }
        }
        return true;
    }

    @Test
    void doesNotUseAConnectionThatTheUpstreamClosedMeanwhile() throws Exception {
        for (int i = 0; i < 10; i++) {
            var closed = latch();
            upstream.next((request, reply) -> {
                reply.messageStream("last");
                reply.await(closed);
                reply.closeNow();
            });
            try (var client = connect(container)) {
                assertStatus(200, client.exchange(message(STREAMING)));
                var request = upstream.take();
                closed.countDown();
                request.awaitPeerClosed(SOON);
                assertStatus(200, client.exchange(message(STREAMING)));
                upstream.take();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHUNKED + "zz\r\n",
                CHUNKED + "5\r\nhello\r\nzz\r\n",
                CHUNKED + "5\r\nhelloworld\r\n",
                CHUNKED + "ffffffffffffffffff\r\n",
            })
    void refusesABodyWhoseFramingIsBroken(String rest) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var client = client()) {
                checkRefused(client.send(head() + rest));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHUNKED,
                CHUNKED + "5\r\nhe",
                CHUNKED + "5\r\nhello\r\n",
                "Content-Length: 10\r\n\r\n",
                "Content-Length: 10\r\n\r\nhello",
                "Content-Length: 40000000\r\n\r\nhello",
            })
    void refusesABodyThatEndsTooSoon(String rest) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var client = client()) {
                client.send(head() + rest).finishSending();
                checkRefused(client);
            }
        }
    }

    /** The part that breaks comes in a packet of its own, which finds the answer at any stage. */
    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "5\r\nhelloworld\r\n"})
    void refusesABodyWhoseFramingBreaksLater(String broken) throws Exception {
        for (int i = 0; i < 40; i++) {
            try (var client = client()) {
                client.send(head() + CHUNKED + "5\r\nhello\r\n").send(broken);
                checkRefused(client);
            }
        }
    }

    /** Nobody asks a refused client for its body (RFC 9110, section 10.1.1); Tomcat does before the application is called. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000", "Content-Length: 90000000", "Transfer-Encoding: chunked"})
    void asksNobodyForABodyThatIsRefused(String framing) throws Exception {
        try (var client = client()) {
            client.send(head() + "Expect: 100-continue\r\n" + framing + "\r\n\r\n");
            var head = client.readInterimOrHead();
            if (container.name().contains("Tomcat")) {
                assertThat(head.status()).isEqualTo(100);
                head = client.readInterimOrHead();
            }
            Refusal.check(client.readBody(head), 401);
        }
    }

    @Test
    void answersAClientThatDoesNotWaitLong() throws Exception {
        for (var size : List.of(1000, 4 << 20)) {
            try (var client = client()) {
                client.send(head() + "Expect: 100-continue\r\nContent-Length: " + size + "\r\n\r\n");
                client.send(new byte[size]);
                checkRefused(client);
            }
        }
    }

    private static void checkRefused(RawClient client) throws Exception {
        Refusal.check(client.readResponse(), 401);
    }

    private static String head() {
        return RawRequest.of("POST", "/v1/messages").head().replace("\r\n\r\n", "\r\n");
    }
}
