package dev.warder.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScriptedUpstreamTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private ScriptedUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        upstream = ScriptedUpstream.plain();
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
    }

    @Test
    void recordsFieldsInOrderAndTheBody() throws Exception {
        var request = RawRequest.bare("POST", "/v1/messages?beta=true")
                .field("X-Two", "a")
                .field("hOsT", "h")
                .field("x-two", "b")
                .body("héllo".getBytes(UTF_8));
        var response = RawClient.exchange(upstream.uri(), request);
        assertThat(response.status()).isEqualTo(200);
        var seen = upstream.take();
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.target()).isEqualTo("/v1/messages?beta=true");
        assertThat(seen.fields().lines().get(1)).isEqualTo(new Field("hOsT", "h"));
        assertThat(seen.fields().values("X-TWO")).containsExactly("a", "b");
        assertThat(seen.text()).isEqualTo("héllo");
        assertThat(seen.crc32c()).isEqualTo(Digested.crc32c("héllo".getBytes(UTF_8)));
    }

    @Test
    void decodesChunkedBodiesAndKeepsTheConnection() throws Exception {
        try (var client = RawClient.connect(upstream.uri())) {
            client.send("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.sendChunk("ab".getBytes(UTF_8))
                    .sendChunk("c".getBytes(UTF_8))
                    .sendChunk(new byte[0]);
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.exchange(RawRequest.of("GET", "/b")).status()).isEqualTo(200);
        }
        var first = upstream.take();
        assertThat(first.text()).isEqualTo("abc");
        assertThat(upstream.take().connection()).isEqualTo(first.connection());
        upstream.awaitConnectionsClosed(LIMIT);
    }

    @Test
    void takesQueuedScriptsThenThoseOfThePath() throws Exception {
        upstream.on("/x", (request, reply) -> reply.json(201, "{}"))
                .next((request, reply) -> reply.json(202, "{}"))
                .script((request, reply) -> reply.json(203, "{}"));
        assertThat(status("/x")).isEqualTo(202);
        assertThat(status("/x?q")).isEqualTo(201);
        assertThat(status("/y")).isEqualTo(203);
    }

    @Test
    void streamsMessagesEventByEvent() throws Exception {
        var goOn = new CountDownLatch(1);
        upstream.script((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.ping());
            reply.await(goOn);
            reply.dribbleChunks(Messages.delta("tail").getBytes(UTF_8));
            reply.lastChunk(new Field("X-Trailer", "t"));
        });
        try (var client = RawClient.connect(upstream.uri())) {
            var head = client.send(RawRequest.of("GET", "/")).readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
            goOn.countDown();
            var rest = client.readBody(head);
            assertThat(rest.text()).isEqualTo(Messages.delta("tail"));
            assertThat(rest.trailers().first("x-trailer")).contains("t");
        }
    }

    @Test
    void sendsInterimHeadsAndRawBytes() throws Exception {
        upstream.script((request, reply) -> {
            reply.informational(103, new Field("Link", "</a>"));
            reply.dribble("HTTP/1.1 204 No\r\n\r\n".getBytes(UTF_8));
        });
        try (var client = RawClient.connect(upstream.uri())) {
            assertThat(client.send(RawRequest.of("GET", "/"))
                            .readInterimOrHead()
                            .status())
                    .isEqualTo(103);
            assertThat(client.readResponse().status()).isEqualTo(204);
        }
    }

    @Test
    void answersBeforeTheBodyAndLeavesItUnread() throws Exception {
        upstream.script(Script.atHead((request, reply) -> {
            reply.readBody(3);
            reply.json(413, "{}");
        }));
        try (var client = RawClient.connect(upstream.uri())) {
            client.send("POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nabc");
            assertThat(client.readResponse().status()).isEqualTo(413);
            client.send("def");
        }
        assertThat(upstream.take().text()).isEqualTo("abcdef");
    }

    @Test
    void seesAnUploadBrokenOff() throws Exception {
        try (var client = RawClient.connect(upstream.uri())) {
            client.send("POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nabc");
            upstream.take().received().awaitAtLeast(3, LIMIT);
        }
        assertThat(upstream.requests().get(0).complete()).isFalse();
    }

    @Test
    void closesWithFinOrReset() throws Exception {
        upstream.next((request, reply) -> {
                    reply.length(10);
                    reply.content("half".getBytes(UTF_8));
                    reply.closeNow();
                })
                .next((request, reply) -> reply.reset());
        assertThat(RawClient.exchange(upstream.uri(), RawRequest.of("GET", "/")).truncated())
                .isTrue();
        assertThatThrownBy(() -> RawClient.exchange(upstream.uri(), RawRequest.of("GET", "/")))
                .isInstanceOfAny(SocketException.class, EOFException.class);
        upstream.awaitConnectionsClosed(LIMIT);
    }

    @Test
    void noticesThatThePeerLeftWhileTheScriptIsSilent() throws Exception {
        var never = new CountDownLatch(1);
        upstream.script((request, reply) -> reply.await(never));
        try (var client = RawClient.connect(upstream.uri())) {
            client.send(RawRequest.of("GET", "/"));
            upstream.take();
        }
        upstream.requests().get(0).awaitPeerClosed(LIMIT);
    }

    @Test
    void floodsAtTheReadersPace() throws Exception {
        upstream.socketBuffers(0, 16 * 1024).script((request, reply) -> reply.flood(20 << 20));
        try (var client = RawClient.connect(upstream.uri(), 16 * 1024)) {
            client.send(RawRequest.of("GET", "/")).readHead();
            var request = upstream.take();
            request.written().awaitAtLeast(32 * 1024, LIMIT);
            assertThat(request.written().value()).isLessThan(4 << 20);
            var got = client.readSummary();
            assertThat(got).isEqualTo(new RawClient.Summary(20 << 20, Flood.crc32c(20 << 20)));
            assertThat(got.crc32c()).isEqualTo(request.writtenCrc32c());
        }
    }

    @Test
    void failsTheTestWhenAScriptFails() throws Exception {
        var other = ScriptedUpstream.plain().script((request, reply) -> {
            throw new IllegalStateException("wrong");
        });
        assertThatThrownBy(() -> RawClient.exchange(other.uri(), RawRequest.of("GET", "/")))
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(other::close).isInstanceOf(AssertionError.class).hasRootCauseMessage("wrong");
    }

    private int status(String target) throws Exception {
        return RawClient.exchange(upstream.uri(), RawRequest.of("GET", target)).status();
    }
}
