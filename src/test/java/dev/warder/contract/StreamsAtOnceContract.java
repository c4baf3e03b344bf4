package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that come at the same time keep every byte, and no byte of another. */
@OnEachContainer
@Tag("turn-5")
class StreamsAtOnceContract extends PlainAndTlsContract {
    private static final int STREAMS = 8;

    /** The upstream writes a piece of one stream and a piece of the other in turns. */
    @ParameterizedTest
    @ValueSource(ints = {1, 13, 64, 512, 4096, 65_536})
    void keepsStreamsApartThatComeInTurns(int size) throws Exception {
        var pieces = new Pieces(size);
        for (var gateway : gateways()) {
            var one = new CompletableFuture<Reply>();
            var written = latch();
            upstream(gateway).next((request, reply) -> {
                one.complete(reply);
                reply.await(written);
            });
            try (var first = streaming(gateway)) {
                var firstReply = one.get(20, TimeUnit.SECONDS);
                upstream(gateway).next((request, reply) -> {
                    inTurns(pieces, firstReply, reply);
                    written.countDown();
                });
                try (var second = streaming(gateway)) {
                    var answer = CompletableFuture.supplyAsync(() -> answer(first));
                    assertWhole(answer(second), pieces.events("two"));
                    assertWhole(answer.get(20, TimeUnit.SECONDS), pieces.events("one"));
                }
            }
        }
    }

    private static void inTurns(Pieces pieces, Reply one, Reply two) throws IOException {
        var waiting = new ArrayDeque<byte[]>();
        pieces.writeChunked(Pieces.EVENT_STREAM, pieces.events("one"), waiting::add);
        pieces.writeChunked(Pieces.EVENT_STREAM, pieces.events("two"), piece -> {
            two.send(piece);
            if (!waiting.isEmpty()) {
                one.send(waiting.remove());
            }
        });
        while (!waiting.isEmpty()) {
            one.send(waiting.remove());
        }
    }

    /** Each stream tells of the request that it answers, and comes as fast as its client takes it. */
    @ParameterizedTest
    @ValueSource(ints = {64, 4096, 65_536})
    void keepsStreamsApartThatComeAtOnce(int size) throws Exception {
        var pieces = new Pieces(size);
        for (var gateway : gateways()) {
            var clients = new ArrayList<RawClient>();
            var asked = new CountDownLatch(STREAMS);
            for (int i = 0; i < STREAMS; i++) {
                upstream(gateway).next((request, reply) -> {
                    asked.countDown();
                    reply.await(asked);
                    pieces.writeChunked(Pieces.EVENT_STREAM, pieces.events(request.text()), reply::send);
                });
                clients.add(connect(gateway).send(message(gateway, numbered(i))));
            }
            for (int i = 0; i < STREAMS; i++) {
                try (var client = clients.get(i)) {
                    assertWhole(client.readResponse(), pieces.events(numbered(i)));
                }
            }
        }
    }

    private static String numbered(int number) {
        return STREAMING.replace("9", Integer.toString(1000 + number));
    }

    private static RawClient streaming(Container gateway) throws IOException {
        return connect(gateway).send(message(gateway, STREAMING));
    }

    private static RawResponse answer(RawClient client) {
        try {
            return client.readResponse();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }
}
