package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every ending of an answer that does not go well. */
@OnEachContainer
class StreamEndContract extends DeployedContract {
    private static final String HALF_LINE = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"del";
    private static final String HALF_EVENT = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\"}\n";

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("stream.keepAlive", "0s");
    }

    /** How the upstream's connection breaks. */
    enum Break {
        CLOSE,
        RESET,
        BAD_CHUNK;

        void now(Reply reply) throws IOException {
            switch (this) {
                case CLOSE -> reply.closeNow();
                case RESET -> reply.reset();
                case BAD_CHUNK -> {
                    reply.send("no chunk\r\n");
                    reply.closeNow();
                }
            }
        }
    }

    static Stream<Arguments> breaks() {
        return Stream.of("", ": half a comment", "event: content_bl", HALF_LINE, HALF_LINE + "\r", HALF_EVENT)
                .flatMap(half -> Stream.of(Break.values()).map(way -> Arguments.of(half, way)));
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void endsAStreamThatBreaksWithOneErrorEvent(String half, Break way) throws Exception {
        String sent = Messages.start() + Messages.ping() + half;
        var answer = brokenAfter("text/event-stream", sent, way, message(STREAMING));
        assertThat(answer.truncated()).isFalse();
        assertThat(answer.text()).startsWith(sent);
        var events = DispatchedEvent.of(answer.body());
        assertThat(events)
                .extracting(DispatchedEvent::name)
                .containsExactly("message_start", "content_block_start", "ping", "error");
        assertThat(answer.text().substring(sent.length())).containsOnlyOnce("event: error");
        assertErrorOf(answer, events.get(3), "api_error");
        assertThat(accessLine(id(answer))).contains("status=200").contains(" end=upstream-lost ");
    }

    @ParameterizedTest
    @EnumSource(Break.class)
    void addsNothingToAStreamThatToldItsErrorItself(Break way) throws Exception {
        String sent = Messages.start()
                + Messages.event("error", Messages.error("overloaded_error", "Overloaded"))
                + ": last words\n\n";
        assertThat(brokenAfter("text/event-stream", sent, way, message(STREAMING))
                        .text())
                .isEqualTo(sent);
    }

    /** The message is whole, whatever becomes of its connection. */
    @ParameterizedTest
    @EnumSource(Break.class)
    void logsNoLossAfterTheLastEvent(Break way) throws Exception {
        String sent = Messages.start() + Messages.end();
        var answer = brokenAfter("text/event-stream", sent, way, message(STREAMING));
        assertThat(answer.text()).isEqualTo(sent);
        assertThat(answer.truncated()).isFalse();
        assertThat(accessLine(id(answer))).contains("status=200").contains(" end=ok ");
    }

    @Test
    void passesAnErrorEventInACleanlyEndedStream() throws Exception {
        String sent = Messages.start() + Messages.event("error", Messages.error("overloaded_error", "Overloaded"));
        upstream.next(Script.events(sent));
        assertThat(exchange(message(STREAMING)).text()).isEqualTo(sent);
    }

    @Test
    void takesAMessageThatEndsWithoutItsLastEventForBroken() throws Exception {
        upstream.next(Script.events(Messages.start()));
        var answer = exchange(message(STREAMING));
        var events = DispatchedEvent.of(answer.body());
        assertThat(events).hasSize(3);
        assertErrorOf(answer, events.get(2), "api_error");
        assertThat(accessLine(id(answer))).contains(" end=upstream-lost ");
    }

    @Test
    void addsNothingToAnEmptyAnswerOfAnotherPath() throws Exception {
        upstream.next(Script.events(Messages.start()));
        var answer = exchange(authenticated("GET", "/v1/sessions/1/events"));
        assertThat(answer.text()).isEqualTo(Messages.start());
        assertThat(accessLine(id(answer))).contains(" end=ok ");
    }

    @ParameterizedTest
    @EnumSource(Break.class)
    void breaksOffAnAnswerOfUnknownLength(Break way) throws Exception {
        var answer = brokenAfter("application/json", "{\"half\":", way, message(STREAMING));
        assertThat(answer.truncated()).isTrue();
        assertThat(answer.text()).isEqualTo("{\"half\":");
        assertThat(accessLine(id(answer))).contains(" end=upstream-lost ");
    }

    @Test
    void leavesACodedStreamVisiblyTruncated() throws Exception {
        var coded = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(coded)) {
            gzip.write(utf8(Messages.start()));
        }
        byte[] half = java.util.Arrays.copyOf(coded.toByteArray(), coded.size() / 2);
        var read = latch();
        upstream.next((request, reply) -> {
            reply.field("Content-Encoding", "gzip").eventStream();
            reply.chunk(half);
            reply.await(read);
            reply.closeNow();
        });
        var answer = readThenBreak(message(STREAMING), half.length, read);
        assertThat(answer.fields().values("Content-Encoding")).containsExactly("gzip");
        assertThat(answer.body()).isEqualTo(half);
        assertThat(answer.truncated()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(value = Break.class, names = "BAD_CHUNK", mode = EnumSource.Mode.EXCLUDE)
    void leavesAStreamWithALengthVisiblyTruncated(Break way) throws Exception {
        assertCutShort("text/event-stream", Messages.start(), way);
    }

    @ParameterizedTest
    @EnumSource(value = Break.class, names = "BAD_CHUNK", mode = EnumSource.Mode.EXCLUDE)
    void showsAtOnceThatJsonWithALengthWasCut(Break way) throws Exception {
        assertCutShort("application/json", "{\"half\":", way);
    }

    @ParameterizedTest
    @EnumSource(value = Break.class, names = "BAD_CHUNK", mode = EnumSource.Mode.EXCLUDE)
    void breaksOffAnAnswerThatEndedBehindItsHead(Break way) throws Exception {
        upstream.next((request, reply) -> {
            reply.field("Content-Type", "application/json").length(900);
            way.now(reply);
        });
        try (var client = client()) {
            // Whether the head came through or was late: never a page of the container, never a whole answer.
            var answer = client.send(message(STREAMING)).readResponse();
            assertThat(answer.status() == 502 || answer.truncated()).isTrue();
            assertThat(answer.toString()).doesNotContain("<html").doesNotContain("Exception");
        }
    }

    private void assertCutShort(String type, String half, Break way) throws Exception {
        var read = latch();
        upstream.next((request, reply) -> {
            reply.field("Content-Type", type).length(5000);
            reply.content(utf8(half));
            reply.await(read);
            way.now(reply);
        });
        var answer = readThenBreak(message(STREAMING), half.length(), read);
        assertThat(answer.fields().values("Content-Length")).containsExactly("5000");
        assertThat(answer.text()).isEqualTo(half);
        assertThat(answer.truncated()).isTrue();
        assertThat(accessLine(id(answer))).contains(" end=upstream-lost ");
    }

    /** The upstream breaks once the client has read what was sent: a reset may take along what is unread. */
    private RawResponse brokenAfter(String type, String sent, Break way, RawRequest request) throws Exception {
        var read = latch();
        upstream.next((got, reply) -> {
            reply.field("Content-Type", type).chunked();
            reply.chunk(sent);
            reply.await(read);
            way.now(reply);
        });
        return readThenBreak(request, sent.length(), read);
    }

    private RawResponse readThenBreak(RawRequest request, int length, CountDownLatch read) throws Exception {
        try (var client = client()) {
            var head = client.send(request).readHead();
            var begin = new ByteArrayOutputStream();
            while (begin.size() < length) {
                begin.writeBytes(client.readSome(length - begin.size()));
            }
            read.countDown();
            return client.readBody(head).after(begin.toByteArray());
        }
    }

    private static void assertErrorOf(RawResponse answer, DispatchedEvent event, String type) {
        assertThat(event.errorType()).isEqualTo(type);
        assertThat(event.lastLine().getString("type")).isEqualTo("error");
        assertThat(event.lastLine().getString("request_id")).isEqualTo(id(answer));
    }
}
