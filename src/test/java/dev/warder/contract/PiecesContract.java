package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every byte passes in its order, whatever the pieces in which it is written, cut and read. */
@OnEachContainer
@Tag("turn-5")
class PiecesContract extends PlainAndTlsContract {
    private static final int[] STEPS = {11, 64 * 1024};

    static IntStream sizes() {
        return Pieces.sizes();
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void passesAnswersOn(int size) throws Exception {
        var pieces = new Pieces(size);
        byte[] events = pieces.events("one");
        byte[] document = pieces.document();
        for (var gateway : gateways()) {
            for (int step : STEPS) {
                try (var client = RawClient.connect(gateway.baseUri(), 0, step)) {
                    upstream(gateway)
                            .next((request, reply) -> pieces.writeChunked(Pieces.EVENT_STREAM, events, reply::send));
                    assertAnswered(client, message(gateway, STREAMING), events);
                    upstream(gateway)
                            .next((request, reply) -> pieces.writeChunked(Pieces.CHUNKED, document, reply::send));
                    assertAnswered(client, message(gateway, STREAMING), document);
                    upstream(gateway)
                            .next((request, reply) ->
                                    pieces.write(Pieces.head(document.length), document, reply::send));
                    assertAnswered(client, message(gateway, "{\"model\":\"claude-x\"}"), document);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void passesBodiesOn(int size) throws Exception {
        var pieces = new Pieces(size);
        byte[] document = pieces.document();
        for (var gateway : gateways()) {
            try (var client = connect(gateway)) {
                for (var path : List.of("/v1/messages", "/v1/files")) {
                    pieces.write(
                            request(gateway, path)
                                    .field("Content-Length", Integer.toString(document.length))
                                    .head(),
                            document,
                            client::send);
                    assertSent(gateway, client, document);
                    pieces.writeChunked(
                            request(gateway, path)
                                    .field("Transfer-Encoding", "chunked")
                                    .head(),
                            document,
                            client::send);
                    assertSent(gateway, client, document);
                }
            }
        }
    }

    private static void assertAnswered(RawClient client, RawRequest request, byte[] body) throws IOException {
        assertWhole(client.exchange(request), body);
    }

    private void assertSent(Container gateway, RawClient client, byte[] body) throws Exception {
        assertStatus(200, client.readResponse());
        assertThat(upstream(gateway).take().body()).isEqualTo(body);
    }
}
