package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Field;
import dev.warder.testkit.Flood;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.StreamRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One request and its answer over HTTP/2: what goes up, what comes down, and how it can end. */
class Http2MessageContract extends Http2Contract {
    @Test
    void sendsTheFieldsThatHttp2Knows() throws Exception {
        shared();
        var request = message("{\"model\":\"claude-x\"}")
                .field("Connection", "keep-alive, X-Hop")
                .field("X-Hop", "1")
                .field("TE", "trailers")
                .field("X-Custom", "a")
                .field("X-Custom", "b");
        assertThat(RawClient.exchange(container().baseUri(), request).status()).isEqualTo(200);
        var seen = streams.take();
        assertThat(seen.fields().lines())
                .extracting(Field::name)
                .allMatch(name -> name.equals(name.toLowerCase(Locale.ROOT)));
        assertThat(seen.fields().values(":authority"))
                .containsExactly(URI.create(streams.uri().toString()).getAuthority());
        assertThat(seen.fields().values(":scheme")).containsExactly("https");
        assertThat(seen.fields().values(":method")).containsExactly("POST");
        assertThat(seen.path()).isEqualTo("/v1/messages");
        assertThat(seen.fields().values("x-api-key")).containsExactly(MANAGED_KEY);
        assertThat(seen.fields().values("x-custom")).containsExactly("a", "b");
        assertThat(seen.fields().values("content-length")).containsExactly("20");
        for (var name : new String[] {"host", "connection", "x-hop", "te", "transfer-encoding", "user-agent"}) {
            assertThat(seen.fields().has(name)).as(name).isFalse();
        }
        assertThat(seen.text()).isEqualTo("{\"model\":\"claude-x\"}");
    }

    /** The same events, cut into frames at random places. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 1000, 20_000})
    void relaysEventsByteForByte(int longest) throws Exception {
        shared();
        var events = new StringBuilder(Messages.start());
        var random = new Random(longest);
        for (int i = 0; i < 30; i++) {
            events.append(Messages.delta("ä☂".repeat(random.nextInt(longest > 1 ? 500 : 5))));
        }
        var bytes = events.append(Messages.end()).toString().getBytes(StandardCharsets.UTF_8);
        streams.script(request -> {
            request.eventStream();
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(1 + random.nextInt(longest), bytes.length - at);
                request.data(Arrays.copyOfRange(bytes, at, at + count));
                at += count;
            }
            request.end();
        });
        var answer = exchange();
        assertThat(answer.fields().first("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        assertThat(answer.body()).isEqualTo(bytes);
    }

    @Test
    void keepsTheLengthOfAnAnswer() throws Exception {
        shared();
        var answer = exchange();
        assertThat(answer.fields().values("content-length"))
                .containsExactly(Integer.toString(Messages.message("Hello.").length()));
        assertThat(answer.text()).isEqualTo(Messages.message("Hello."));
    }

    @Test
    void showsThatAnAnswerIsShorterThanItsLength() throws Exception {
        shared();
        streams.script(request -> {
            request.head(200, "content-type", "application/json", "content-length", "100");
            request.data("{}");
            request.end();
        });
        assertThat(exchange().truncated()).isTrue();
        log.await("dev.warder.access", line -> line.contains(" end=upstream-lost "), SOON);
    }

    @Test
    void answersHeadWithTheLengthAndNothingElse() throws Exception {
        shared();
        streams.script(request -> request.onlyHead(200, "content-type", "application/json", "content-length", "1234"));
        var answer = RawClient.exchange(
                container().baseUri(), RawRequest.of("HEAD", "/v1/files/1").field("x-api-key", ACCESS_TOKEN));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields().first("content-length")).contains("1234");
        assertThat(streams.take().fields().first(":method")).contains("HEAD");
    }

    @Test
    void relaysNeitherInterimAnswersNorTrailers() throws Exception {
        shared();
        streams.script(request -> {
            request.head(103, "link", "</x>; rel=preload");
            request.head(200, "content-type", "application/json");
            request.data("{}");
            request.trailers("x-checksum", "1");
        });
        var client = closing(RawClient.connect(container().baseUri())).send(message(STREAMING));
        var head = client.readInterimOrHead();
        assertThat(head.status()).isEqualTo(200);
        var answer = client.readBody(head);
        assertThat(answer.text()).isEqualTo("{}");
        assertThat(answer.trailers().lines()).isEmpty();
    }

    @Test
    void uploadsPieceByPiece() throws Exception {
        shared();
        int length = 4 << 20;
        streams.script(request -> {
            request.text();
            request.json(200, "{}");
        });
        var client = closing(RawClient.connect(container().baseUri()));
        client.send(RawRequest.of("POST", "/v1/files")
                .field("x-api-key", ACCESS_TOKEN)
                .field("Transfer-Encoding", "chunked")
                .head());
        for (int at = 0; at < length; at += 16 * 1024) {
            client.sendChunk(Flood.piece(at, 16 * 1024));
        }
        assertThat(client.sendChunk(new byte[0]).readResponse().status()).isEqualTo(200);
        assertThat(streams.take().receivedCrc32c()).isEqualTo(Flood.crc32c(length));
    }

    @Test
    void holdsAClientWhoseBodyTheUpstreamDoesNotTake() throws Exception {
        shared();
        streams.holdBodies();
        var go = new CountDownLatch(1);
        streams.script(request -> {
            go.await();
            request.takeBody();
            request.text();
            request.json(200, "{}");
        });
        int length = 24 << 20;
        var client = closing(RawClient.connect(container().baseUri()));
        client.send(RawRequest.of("POST", "/v1/files")
                .field("x-api-key", ACCESS_TOKEN)
                .field("Content-Length", Integer.toString(length))
                .head());
        var sending = CompletableFuture.runAsync(() -> {
            try {
                for (int at = 0; at < length; at += 16 * 1024) {
                    client.send(Flood.piece(at, 16 * 1024));
                }
            } catch (IOException broken) {
                throw new IllegalStateException(broken);
            }
        });
        var request = streams.take();
        request.received().awaitAtLeast(65_535, SOON);
        DeployedContract.pause(1000);
        assertThat(request.received().value()).isEqualTo(65_535);
        assertThat(sending.isDone()).isFalse();
        go.countDown();
        sending.get();
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(request.receivedCrc32c()).isEqualTo(Flood.crc32c(length));
    }

    /** The upstream refuses an upload and wants no more of it: RST_STREAM with NO_ERROR behind its answer. */
    @ParameterizedTest
    @ValueSource(ints = {200, 413})
    void relaysAnAnswerThatComesBeforeTheEndOfTheBody(int status) throws Exception {
        shared();
        streams.holdBodies();
        streams.next(request -> {
            request.received().awaitAtLeast(1000, SOON);
            request.json(status, "{\"early\":true}");
            request.reset(StreamRequest.NO_ERROR);
        });
        var client = closing(RawClient.connect(container().baseUri()));
        client.send(RawRequest.of("POST", "/v1/files")
                .field("x-api-key", ACCESS_TOKEN)
                .field("Content-Length", "1000000")
                .head());
        client.send(new byte[1000]);
        var answer = client.readResponse();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).isEqualTo("{\"early\":true}");
        Eventually.holds(SOON, () -> number("UpstreamConnectionsLeased") == 0);
        assertThat(exchange().status()).isEqualTo(200);
        assertThat(streams.requests().get(1).connection()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsAStreamThatBreaksWithOneErrorEvent(boolean reset) throws Exception {
        shared();
        streams.script(request -> {
            request.eventStream();
            request.data(Messages.start() + "event: content_block_delta\ndata: {\"half\":");
            DeployedContract.pause(100);
            if (reset) {
                request.reset(StreamRequest.INTERNAL_ERROR);
            } else {
                request.closeConnection();
            }
        });
        var answer = exchange();
        assertThat(answer.truncated()).isFalse();
        assertThat(answer.text())
                .startsWith(Messages.start())
                .containsOnlyOnce("event: error")
                .contains("api_error");
        log.await("dev.warder.access", line -> line.contains(" end=upstream-lost "), SOON);
    }

    @Test
    void refusesAHeadThatIsTooLarge() throws Exception {
        shared();
        streams.next(request -> {
            request.head(200, "x-1", large(), "x-2", large(), "x-3", large(), "x-4", large(), "x-5", large());
            request.end();
        });
        assertThat(exchange().status()).isEqualTo(502);
        assertThat(exchange().status()).isEqualTo(200);
    }

    @Test
    void refusesAnAnswerWithAFieldOfHttp11() throws Exception {
        shared();
        streams.next(request -> request.head(200, "content-type", "application/json", "connection", "close"));
        assertThat(exchange().status()).isEqualTo(502);
        assertThat(exchange().status()).isEqualTo(200);
        assertThat(streams.accepted().value()).isEqualTo(1);
    }

    private static String large() {
        return "x".repeat(15_000);
    }
}
