package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that fall silent for longer than they may, to a client of chat completions, and those that seem to. */
class ChatTimeoutContract extends DeployedContract {
    private static final CountDownLatch NEVER = latch();

    @Override
    Deployment configured(Deployment plain) {
        return TimeoutContract.impatient(plain);
    }

    /** The upstream speaks every 20 ms, for longer than it might be silent, which the comments tell: ten of them are two seconds. */
    @ParameterizedTest
    @ValueSource(strings = {"thinking", "ping", "gzip ping", "half an event"})
    void commentsWhileTheUpstreamSaysWhatNoClientSees(String what) throws Exception {
        var heard = latch();
        upstream.next(unseen(what, heard));
        try (var client = client()) {
            var head = client.send(Completions.request(Completions.STREAM)).readHead();
            assertThat(client.readEvent().orElseThrow().data()).contains("\"role\"");
            comments(client, 12);
            heard.countDown();
            String rest = client.readBody(head).text();
            assertThat(Completions.streamedText(rest)).isEqualTo("at last");
            assertThat(rest).endsWith(Completions.DONE).doesNotContain("reasoning", "error");
        }
    }

    @Test
    void endsAStreamThatFellSilentWithOneError() throws Exception {
        upstream.next(Script.heldEvents(
                NEVER, Messages.start() + Messages.delta("half") + "event: content_block_delta\ndata: {\"half"));
        var answer = exchange(Completions.request(Completions.STREAM));
        assertThat(answer.truncated()).isFalse();
        Completions.brokenOff(answer.text(), "half", "timeout_error");
        assertThat(answer.text()).endsWith("\"code\":\"timeout_error\"}}\n\n");
        upstream.take().awaitPeerClosed(SOON);
        assertThat(accessLine(id(answer))).contains("status=200").contains(" end=timeout ");
    }

    @Test
    void tellsATimeoutWhereNoAnswerBegins() throws Exception {
        for (String asked : new String[] {Completions.WHOLE, Completions.STREAM}) {
            upstream.next((request, reply) -> reply.await(NEVER));
            late(asked, "ttfb=-");
        }
    }

    @Test
    void tellsATimeoutWhereAWholeAnswerGoesNoFurther() throws Exception {
        for (String asked : new String[] {Completions.WHOLE, Completions.STREAM}) {
            upstream.next((request, reply) -> {
                reply.field("Content-Type", "application/json").length(900);
                reply.content(utf8("{\"id\":"));
                reply.await(NEVER);
            });
            late(asked, "status=504");
        }
    }

    @Test
    void tellsATimeoutWhereTheModelsDoNotCome() throws Exception {
        upstream.next((request, reply) -> reply.await(NEVER));
        var answer = exchange(Completions.authenticated("GET", "/openai/v1/models"));
        Completions.refused(answer, 504, "server_error", "timeout_error");
        upstream.take().awaitPeerClosed(SOON);
    }

    private void late(String asked, String line) throws Exception {
        var answer = exchange(Completions.request(asked));
        Completions.refused(answer, 504, "server_error", "timeout_error");
        upstream.take().awaitPeerClosed(SOON);
        assertThat(accessLine(id(answer))).contains("status=504", line).contains(" end=timeout ");
    }

    private static Script unseen(String what, CountDownLatch heard) {
        String thought = Messages.event(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm \"}}");
        String thinking = Messages.event(
                "content_block_start",
                "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}");
        boolean coded = what.startsWith("gzip");
        return (request, reply) -> {
            if (coded) {
                reply.field("Content-Encoding", "gzip");
            }
            reply.eventStream();
            var pipe = new GzipPipe(reply, coded);
            pipe.write(Messages.start() + thinking + (what.startsWith("half") ? "event: ping\ndata: " : ""));
            do {
                pipe.write(what.equals("thinking") ? thought : what.startsWith("half") ? " " : Messages.ping());
            } while (!heard.await(20, TimeUnit.MILLISECONDS));
            pipe.write((what.startsWith("half") ? "{\"type\":\"ping\"}\n\n" : "")
                    + Messages.delta("at last")
                    + Messages.end());
            pipe.end();
        };
    }

    /** Writes an answer in chunks, each flushed through gzip where the answer has that coding. One thread at a time. */
    private static final class GzipPipe {
        private final Reply reply;
        private final boolean coded;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final GZIPOutputStream gzip;

        GzipPipe(Reply reply, boolean coded) throws IOException {
            this.reply = reply;
            this.coded = coded;
            this.gzip = new GZIPOutputStream(out, true);
        }

        /** Writes text so that all of it can be read at once. */
        void write(String text) throws IOException {
            if (!coded) {
                reply.chunk(text);
                return;
            }
            gzip.write(utf8(text));
            gzip.flush();
            pass();
        }

        /** Ends the answer. */
        void end() throws IOException {
            if (coded) {
                gzip.close();
                pass();
            }
            reply.lastChunk();
        }

        private void pass() throws IOException {
            reply.chunk(out.toByteArray());
            out.reset();
        }
    }
}
