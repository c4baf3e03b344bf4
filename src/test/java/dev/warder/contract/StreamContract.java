package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Event streams that go well pass byte for byte, as they come (rule "Byte-identical streams"). */
@OnEachContainer
class StreamContract extends DeployedContract {
    private static final String STREAM =
            Messages.start() + Messages.ping() + Messages.delta("grüß 🌍 dich") + Messages.end();

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("stream.keepAlive", "0s");
    }

    @Test
    void deliversEachEventBeforeTheNextIsWritten() throws Exception {
        var read = new CountDownLatch[] {latch(), latch(), latch()};
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.await(read[0]);
            reply.chunk(Messages.ping());
            reply.await(read[1]);
            reply.chunk(Messages.delta("one"));
            reply.await(read[2]);
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        try (var client = client()) {
            var head = client.send(message(STREAMING)).readHead();
            assertThat(head.fields().first("Content-Type").orElse("").replace(" ", ""))
                    .isEqualTo("text/event-stream;charset=utf-8");
            assertThat(head.fields().values("X-Accel-Buffering")).containsExactly("no");
            read[0].countDown();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
            read[1].countDown();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("content_block_delta");
            read[2].countDown();
            assertThat(client.readBody(head).text()).isEqualTo(Messages.end());
            String line = accessLine(head.fields());
            assertThat(line).containsPattern("status=200 .* out=\\d+ ttfb=\\d+ total=\\d+ end=ok");
        }
    }

    @Test
    void keepsTwoThousandEventsInOrder() throws Exception {
        var deltas = IntStream.range(0, 2000).mapToObj(i -> "delta " + i).toArray(String[]::new);
        upstream.next((request, reply) -> reply.messageStream(deltas));
        var answer = exchange(message(STREAMING));
        assertThat(answer.truncated()).isFalse();
        assertThat(answer.text()).isEqualTo(String.join("", Messages.stream(deltas)));
    }

    static Stream<String> shapes() {
        return Stream.of(
                STREAM,
                STREAM.replace("\n", "\r\n"),
                STREAM.replace("\n", "\r"),
                STREAM.replaceFirst("\n", "\r\n").replaceFirst("\n\n", "\r\r"),
                "\uFEFF" + STREAM,
                ": comment\n\n" + Messages.start() + ":\n: another\n" + Messages.end() + ": after the end\n\n",
                Messages.start() + "data:{\"without\":\"a space\"}\n\ndata\n\ndata:\nid: 7\nretry: 10\n\n"
                        + Messages.end(),
                Messages.start() + Messages.end().replaceFirst("\n\n$", "\n"),
                Messages.start() + Messages.end().replaceFirst("\n\n$", ""),
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void passesEveryShapeInSingleBytes(String shape) throws Exception {
        byte[] bytes = utf8(shape);
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.dribbleChunks(bytes);
            reply.lastChunk();
        });
        var answer = exchange(message(STREAMING));
        assertThat(answer.text()).isEqualTo(shape);
        assertThat(answer.truncated()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void passesEveryShapeInOneChunkBehindItsHead(String shape) throws Exception {
        upstream.next(Script.events(shape));
        assertThat(exchange(message(STREAMING)).text()).isEqualTo(shape);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void passesStreamsThatAreCutAnywhere(long seed) throws Exception {
        byte[] bytes = utf8(STREAM.replace("\n", "\r\n").repeat(20));
        upstream.next((request, reply) -> {
            var random = new Random(seed);
            reply.eventStream();
            for (int at = 0; at < bytes.length; ) {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(90));
                reply.chunk(Arrays.copyOfRange(bytes, at, end));
                at = end;
            }
            reply.lastChunk();
        });
        assertThat(exchange(message(STREAMING)).body()).isEqualTo(bytes);
    }

    @Test
    void passesAStreamWhoseFramingDribbles() throws Exception {
        var wire = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(utf8(STREAM).length) + "\r\n" + STREAM
                + "\r\n0\r\n\r\n";
        upstream.next((request, reply) -> reply.dribble(utf8(wire)));
        assertThat(exchange(message(STREAMING)).text()).isEqualTo(STREAM);
    }

    @Test
    void passesAStreamThatEndsWithItsConnection() throws Exception {
        upstream.next((request, reply) -> {
            reply.field("Content-Type", "text/event-stream")
                    .field("Connection", "close")
                    .head();
            reply.content(utf8(STREAM));
        });
        assertThat(exchange(message(STREAMING)).text()).isEqualTo(STREAM);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 429, 529})
    void passesErrorsOnAStreamingRequestAsJson(int status) throws Exception {
        String error = Messages.error("some_error", "no stream today");
        upstream.next((request, reply) -> reply.field("retry-after", "7").json(status, error));
        var answer = assertStatus(status, exchange(message(STREAMING)));
        assertFields(answer.fields(), "Content-Type", "application/json", "retry-after", "7");
        assertThat(answer.text()).isEqualTo(error);
    }

    @Test
    void passesAWholeMessageWhereAStreamWasAskedFor() throws Exception {
        upstream.next(json(200, Messages.message("whole")));
        assertThat(exchange(message(STREAMING)).text()).isEqualTo(Messages.message("whole"));
    }

    @Test
    void passesAStreamWhereAWholeMessageWasAskedFor() throws Exception {
        upstream.next((request, reply) -> reply.messageStream("unasked"));
        assertThat(exchange(message("{\"model\":\"claude-x\",\"max_tokens\":9}"))
                        .text())
                .isEqualTo(String.join("", Messages.stream("unasked")));
    }
}
