package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Field;
import dev.warder.testkit.Flood;
import dev.warder.testkit.Messages;
import dev.warder.testkit.StreamRequest;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One request and its answer over HTTP/2: what goes up, what comes down, and how it can end.
 *
 * <p>Requests that the upstream has not started on: they may be sent again, and nobody notices (RFC 9113, section 8.7).
 */
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
        assertStatus(200, exchange(container(), request));
        var seen = streams.take();
        assertThat(seen.fields().lines())
                .extracting(Field::name)
                .allMatch(name -> name.equals(name.toLowerCase(Locale.ROOT)));
        assertThat(seen.fields().values(":authority"))
                .containsExactly(URI.create(streams.uri().toString()).getAuthority());
        assertFields(seen.fields(), ":scheme", "https", ":method", "POST");
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
        var bytes = utf8(events.append(Messages.end()).toString());
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
        var answer = assertStatus(200, exchange(container(), authenticated("HEAD", "/v1/files/1")));
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
        var client = closing(connect(container())).send(message(STREAMING));
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
        var client = closing(connect(container()));
        client.send(authenticated("POST", "/v1/files")
                .field("Transfer-Encoding", "chunked")
                .head());
        for (int at = 0; at < length; at += 16 * 1024) {
            client.sendChunk(Flood.piece(at, 16 * 1024));
        }
        assertStatus(200, client.sendChunk(new byte[0]).readResponse());
        assertThat(streams.take().receivedCrc32c()).isEqualTo(Flood.crc32c(length));
    }

    @Test
    void holdsAClientWhoseBodyTheUpstreamDoesNotTake() throws Exception {
        shared();
        streams.holdBodies();
        var go = latch();
        streams.script(request -> {
            go.await();
            request.takeBody();
            request.text();
            request.json(200, "{}");
        });
        int length = 24 << 20;
        var client = closing(connect(container()));
        client.send(authenticated("POST", "/v1/files")
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
        pause(1000);
        assertThat(request.received().value()).isEqualTo(65_535);
        assertThat(sending.isDone()).isFalse();
        go.countDown();
        sending.get();
        assertStatus(200, client.readResponse());
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
        var client = closing(connect(container()));
        client.send(authenticated("POST", "/v1/files")
                .field("Content-Length", "1000000")
                .head());
        client.send(new byte[1000]);
        assertText(status, client.readResponse()).isEqualTo("{\"early\":true}");
        eventually(() -> number("UpstreamConnectionsLeased") == 0);
        assertStatus(200, exchange());
        assertThat(streams.requests().get(1).connection()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsAStreamThatBreaksWithOneErrorEvent(boolean reset) throws Exception {
        shared();
        streams.script(request -> {
            request.eventStream();
            request.data(Messages.start() + "event: content_block_delta\ndata: {\"half\":");
            pause(100);
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
        assertStatus(502, exchange());
        assertStatus(200, exchange());
    }

    @Test
    void refusesAnAnswerWithAFieldOfHttp11() throws Exception {
        shared();
        streams.next(request -> request.head(200, "content-type", "application/json", "connection", "close"));
        assertStatus(502, exchange());
        assertStatus(200, exchange());
        assertThat(streams.accepted().value()).isEqualTo(1);
    }

    private static String large() {
        return "x".repeat(15_000);
    }

    @Test
    void sendsARefusedRequestAgain() throws Exception {
        deployed(overHttp2().with("prompt.text", "Be brief."));
        streams.next(request -> {
            request.text();
            request.reset(StreamRequest.REFUSED_STREAM);
        });
        streams.next(request -> request.reset(StreamRequest.REFUSED_STREAM));
        // Whoever answers before the body has come cannot wonder that the rest of it does not come.
        streams.next(request -> {
            request.text();
            request.json(200, Messages.message("Hello."));
        });
        assertThat(exchange().text()).isEqualTo(Messages.message("Hello."));
        assertThat(streams.requests()).hasSize(3);
        assertThat(streams.requests().get(2).text())
                .isEqualTo(streams.requests().get(0).text())
                .contains("Be brief.");
        assertThat(streams.requests().get(2).fields().values("content-length")).hasSize(1);
    }

    @Test
    void givesUpAfterThreeTries() throws Exception {
        shared();
        streams.script(request -> request.reset(StreamRequest.REFUSED_STREAM));
        assertText(502, exchange()).contains("api_error");
        assertThat(streams.requests()).hasSize(3);
    }

    @Test
    void sendsNoRelayedBodyAgain() throws Exception {
        shared();
        streams.script(request -> {
            request.text();
            request.reset(StreamRequest.REFUSED_STREAM);
        });
        var upload = authenticated("POST", "/v1/files").body(new byte[100_000]);
        assertText(502, exchange(container(), upload)).contains("api_error");
        assertThat(streams.requests()).hasSize(1);
    }

    @Test
    void sendsNoRequestAgainThatMayHaveBeenStartedOn() throws Exception {
        shared();
        streams.script(request -> request.reset(StreamRequest.INTERNAL_ERROR));
        assertStatus(502, exchange());
        streams.script(request -> request.closeConnection());
        assertStatus(502, exchange());
        assertThat(streams.requests()).hasSize(2);
    }

    /** The first stream goes on, the second is above the last that the upstream looked at. */
    @Test
    void sendsElsewhereWhatAConnectionThatGoesAwayDidNotStart() throws Exception {
        shared();
        var go = latch();
        streams.next(request -> hold(request, go));
        var first = streaming();
        first.readHead();
        var before = streams.take();
        streams.next(request -> request.goAway(before.id(), StreamRequest.NO_ERROR));
        assertThat(exchange().text()).isEqualTo(Messages.message("Hello."));
        assertThat(streams.take().connection()).isEqualTo(1);
        assertThat(streams.take().connection()).isEqualTo(2);
        go.countDown();
        assertThat(first.readSummary().crc32c()).isEqualTo(before.writtenCrc32c());
        assertStatus(200, exchange());
        assertThat(streams.take().connection()).isEqualTo(2);
        streams.open().await(now -> now == 1, SOON);
    }

    /** The body goes over the other connection from its first byte on, and no further over the one that goes away. */
    @Test
    void beginsABodyAnewThatWasHalfSent() throws Exception {
        shared();
        var json = "{\"model\":\"claude-x\",\"pad\":\"" + "p".repeat(300_000) + "\"}";
        var opened = latch();
        streams.holdBodies();
        streams.next(request -> {
            request.received().awaitAtLeast(60_000, SOON);
            request.goAway(0, StreamRequest.NO_ERROR);
            request.takeBody();
            opened.countDown();
        });
        streams.next(request -> {
            request.takeBody();
            opened.await();
            request.text();
            request.json(200, "{}");
        });
        assertStatus(200, exchange(container(), message(json)));
        assertThat(streams.take().received().value()).isEqualTo(65_535);
        assertThat(streams.take().text()).isEqualTo(json);
    }

    @Test
    void sendsElsewhereWhatAConnectionThatFailsDidNotStart() throws Exception {
        shared();
        streams.next(request -> {
            request.goAway(0, StreamRequest.INTERNAL_ERROR);
            request.closeConnection();
        });
        assertThat(exchange().text()).isEqualTo(Messages.message("Hello."));
        assertThat(streams.requests()).hasSize(2);
        streams.next(request -> {
            request.goAway(request.id(), StreamRequest.INTERNAL_ERROR);
            request.closeConnection();
        });
        assertStatus(502, exchange());
        assertThat(streams.requests()).hasSize(3);
    }

    @Test
    void goesOnAfterAnIdleConnectionWentAway() throws Exception {
        shared();
        assertStatus(200, exchange());
        var first = streams.take();
        first.goAway(first.id(), StreamRequest.NO_ERROR);
        streams.open().await(now -> now == 0, SOON);
        assertStatus(200, exchange());
        assertThat(streams.take().connection()).isEqualTo(2);
    }
}
