package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.testkit.Flood;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.StreamRequest;
import dev.warder.testkit.TestCertificate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many calls on one HTTP/2 connection: none feels what happens to another. */
class Http2SharingContract extends Http2Contract {
    private static final int FLOOD = 12 << 20;

    private static final int PIECE = 16 * 1024;

    @Test
    void cancellingOneOfTenLeavesNineWhole() throws Exception {
        deployed(overHttp2());
        var go = latch();
        streams.script(request -> {
            request.eventStream();
            request.data(Messages.start());
            go.await();
            for (int i = 0; i < 40; i++) {
                request.data(Messages.delta("Piece " + i));
                pause(10);
            }
            request.data(Messages.end());
            request.end();
        });
        var clients = begin(10);
        var requests = new ArrayList<>(streams.requests());
        clients.remove(4).reset();
        go.countDown();
        assertThat(requests.remove(4).awaitReset()).isEqualTo(StreamRequest.CANCEL);
        for (int i = 0; i < 9; i++) {
            assertThat(clients.get(i).readSummary().crc32c())
                    .isEqualTo(requests.get(i).writtenCrc32c());
            assertThat(requests.get(i).isReset()).isFalse();
        }
        assertStatus(200, exchange());
        assertThat(streams.requests().get(10).connection()).isEqualTo(1);
        assertThat(streams.accepted().value()).isEqualTo(1);
    }

    @Test
    void opensAnotherConnectionForMoreStreamsThanOneTakes() throws Exception {
        streams.mostStreams(4);
        deployed(overHttp2());
        var go = latch();
        streams.script(request -> hold(request, go));
        var clients = begin(10);
        assertThat(streams.requests().stream()
                        .filter(request -> request.connection() == 1)
                        .count())
                .isEqualTo(4);
        assertThat(streams.accepted().value()).isEqualTo(3);
        go.countDown();
        for (var client : clients) {
            assertThat(client.readSummary().length()).isPositive();
        }
    }

    /** Fifty calls at once, before anybody knows how many streams the upstream takes. */
    @Test
    void servesABurstOnAFewConnections() throws Exception {
        streams.mostStreams(8);
        deployed(overHttp2());
        var clients = new ArrayList<RawClient>();
        for (int i = 0; i < 50; i++) {
            clients.add(streaming());
        }
        for (var client : clients) {
            assertStatus(200, client.readResponse());
        }
        assertThat(streams.accepted().value()).isBetween(1L, 20L);
    }

    /** One client reads nothing: its stream stands still, what is queued stays small, and its neighbours go on. */
    @Test
    void aClientThatDoesNotReadHoldsUpNobodyElse() throws Exception {
        deployed(overHttp2().with("timeouts.clientWrite", "60s"));
        streams.next(request -> flood(request));
        var slow = closing(RawClient.connect(container().baseUri(), 64 * 1024));
        slow.send(get()).readHead();
        var held = streams.take();
        // Until the buffers of the sockets are full, it goes on. What goes on for the sake of its neighbours does so in
        // each round.
        Eventually.holds(Limit.seconds(10), () -> {
            long stood = held.written().value();
            neighboursGoOn();
            assertThat(held.written().value()).isLessThan(FLOOD / 2);
            return held.written().value() == stood;
        });
        assertThat(slow.readSummary().crc32c()).isEqualTo(Flood.crc32c(FLOOD));
        assertThat(number("LongestQueue")).isLessThanOrEqualTo(256 * 1024);
        assertThat(streams.accepted().value()).isEqualTo(1);
    }

    /** Short calls, and one that has to pass many times what the windows and buffers hold. */
    private void neighboursGoOn() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertStatus(200, exchange());
        }
        streams.next(request -> flood(request));
        try (var quick = connect(container()).send(get())) {
            quick.readHead();
            assertThat(quick.readSummary().crc32c()).isEqualTo(Flood.crc32c(FLOOD));
        }
        assertThat(number("LongestQueue")).isLessThanOrEqualTo(256 * 1024);
    }

    @Test
    void resetsTheStreamOfAClientThatTakesNothing() throws Exception {
        deployed(overHttp2().with("timeouts.clientWrite", "1s"));
        var go = latch();
        streams.next(request -> hold(request, go));
        var neighbour = streaming();
        neighbour.readHead();
        streams.next(request -> flood(request));
        var slow = closing(RawClient.connect(container().baseUri(), 32 * 1024));
        slow.send(get()).readHead();
        streams.take();
        assertThat(streams.take().awaitReset()).isEqualTo(StreamRequest.CANCEL);
        log.await("dev.warder.access", line -> line.contains(" end=timeout "), SOON);
        assertThatThrownBy(slow::readSummary).isInstanceOf(IOException.class);
        go.countDown();
        assertThat(neighbour.readSummary().length()).isPositive();
        assertThat(streams.accepted().value()).isEqualTo(1);
    }

    /** A silent stream cannot be reset, so its connection gets no further call and goes with its last neighbour. */
    @Test
    void letsGoOfAStreamThatStaysSilent() throws Exception {
        deployed(overHttp2().with("timeouts.firstByte", "1s"));
        var go = latch();
        streams.next(request -> hold(request, go));
        var neighbour = streaming();
        neighbour.readHead();
        streams.take();
        streams.next(request -> latch().await());
        assertStatus(504, exchange());
        var silent = streams.take();
        assertStatus(200, exchange());
        assertThat(streams.take().connection()).isEqualTo(2);
        assertThat(silent.isReset()).isFalse();
        go.countDown();
        assertThat(neighbour.readSummary().length()).isPositive();
        eventually(silent::isReset);
        assertStatus(200, exchange());
        assertThat(streams.take().connection()).isEqualTo(2);
    }

    @Test
    void speaksHttp11WithAnUpstreamThatChoosesIt() throws Exception {
        var secured = closing(ScriptedUpstream.tls(TestCertificate.shared()));
        secured.script((request, reply) -> reply.messageStream("over", "HTTP/1.1"));
        deployed(overHttp2().withConf(secured.uri().toString(), MANAGED_KEY, ACCESS_TOKEN));
        assertThat(exchange().text()).contains("over").contains("message_stop");
        eventually(() -> number("UpstreamConnectionsIdle") == 1);
        assertThat(exchange().text()).contains("message_stop");
        assertThat(secured.requests().get(0).connection())
                .isEqualTo(secured.requests().get(1).connection());
    }

    @Test
    void speaksHttp11WithoutTls() throws Exception {
        deployed(deployment().with("upstream.http2", "auto"));
        upstream.script((request, reply) -> reply.messageStream("plain"));
        assertThat(exchange().text()).contains("message_stop");
    }

    /** This upstream speaks nothing else. */
    @Test
    void speaksHttp2ForEventStreamsUnlessToldOtherwise() throws Exception {
        deployed(deployment().withConf(streams.uri().toString(), MANAGED_KEY, ACCESS_TOKEN));
        streams.script(request -> {
            request.eventStream();
            request.data(Messages.end());
            request.end();
        });
        assertStatus(200, exchange());
        assertStatus(502, exchange(container(), get()));
        assertThat(streams.requests()).hasSize(1);
    }

    @Test
    void doesNotSpeakHttp2WhenToldNotTo() throws Exception {
        deployed(overHttp2().with("upstream.http2", "off"));
        assertStatus(502, exchange());
        assertThat(streams.requests()).isEmpty();
    }

    /** So many clients that have got the head and the first bytes of their streams, one after the other. */
    private List<RawClient> begin(int count) throws Exception {
        var clients = new ArrayList<RawClient>();
        for (int i = 0; i < count; i++) {
            var client = streaming();
            assertThat(client.readHead().status()).isEqualTo(200);
            clients.add(client);
        }
        return clients;
    }

    private static void flood(StreamRequest request) throws IOException, InterruptedException {
        request.head(200, "content-type", "application/octet-stream");
        for (int at = 0; at < FLOOD; at += PIECE) {
            request.data(Flood.piece(at, PIECE));
        }
        request.end();
    }

    private static RawRequest get() {
        return authenticated("GET", "/v1/files/1/content");
    }
}
