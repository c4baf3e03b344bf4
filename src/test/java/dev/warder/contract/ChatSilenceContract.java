package dev.warder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of chat completions hears while there is nothing to tell it, and how long that may last. */
class ChatSilenceContract extends DeployedContract {
    private static final String COMMENT = ": keep-alive\n\n";
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    ChatSilenceContract(Container.Starter starter) {
        super(starter);
    }

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES)
                .with("openai.reasoning", "false")
                .with("stream.keepAlive", "200ms")
                .with("timeouts.firstByte", "700ms")
                .with("timeouts.idle", "1500ms");
    }

    @Test
    void commentsBetweenFramesWhileTheUpstreamIsSilent() throws Exception {
        var commented = new CountDownLatch(1);
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start() + Messages.delta("one") + "event: content_block_delta\ndata: {\"type\"");
            reply.await(commented);
            reply.chunk(":\"ping\"}\n\n" + Messages.delta(" two") + Messages.end());
            reply.lastChunk();
        });
        try (var client = client()) {
            var head = client.send(Completions.request(Completions.STREAM)).readHead();
            assertThat(client.readEvent().orElseThrow().data()).contains("\"role\"");
            assertThat(client.readEvent().orElseThrow().data()).contains("one");
            comments(client, 3);
            commented.countDown();
            String rest = client.readBody(head).text();
            assertThat(Completions.streamedText(rest)).isEqualTo(" two");
            assertThat(rest.replace(COMMENT, "")).startsWith("data: ").endsWith(Completions.DONE);
        }
    }

    @Test
    void commentsBehindTheHeadAlone() throws Exception {
        var commented = new CountDownLatch(1);
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.await(commented);
            reply.chunk(String.join("", Messages.stream("fine")));
            reply.lastChunk();
        });
        try (var client = client()) {
            var head = client.send(Completions.request(Completions.STREAM)).readHead();
            comments(client, 2);
            commented.countDown();
            assertThat(Completions.streamedText(client.readBody(head).text())).isEqualTo("fine");
        }
    }

    /** The upstream speaks every 20 ms, for longer than it might be silent. */
    @ParameterizedTest
    @ValueSource(strings = {"thinking", "ping", "gzip ping", "half an event"})
    void commentsWhileTheUpstreamSaysWhatNoClientSees(String what) throws Exception {
        upstream.next(unseen(what));
        try (var client = client()) {
            var head = client.send(Completions.request(Completions.STREAM)).readHead();
            assertThat(client.readEvent().orElseThrow().data()).contains("\"role\"");
            comments(client, 7);
            String rest = client.readBody(head).text();
            assertThat(Completions.streamedText(rest)).isEqualTo("at last");
            assertThat(rest).endsWith(Completions.DONE).doesNotContain("reasoning", "error");
        }
    }

    @Test
    void commentsNoMoreBehindDone() throws Exception {
        var waited = new CountDownLatch(1);
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(String.join("", Messages.stream("fine")));
            reply.await(waited);
            reply.lastChunk();
        });
        try (var client = client()) {
            client.send(Completions.request(Completions.STREAM)).readHead();
            RawEvent event;
            do {
                event = client.readEvent().orElseThrow();
            } while (!event.data().equals("[DONE]"));
            pause(700);
            waited.countDown();
            assertThat(client.readEvent()).isEmpty();
        }
    }

    @Test
    void commentsNothingIntoAnAnswerThatIsNoStream() throws Exception {
        upstream.next((request, reply) -> {
            byte[] message = Messages.message("late").getBytes(UTF_8);
            reply.field("Content-Type", "application/json").length(message.length);
            for (byte one : message) {
                reply.content(new byte[] {one});
                pause(5);
            }
        });
        var answer = exchange(Completions.request(Completions.STREAM));
        assertThat(answer.text())
                .startsWith("data: ")
                .endsWith(Completions.DONE)
                .doesNotContain(COMMENT);
    }

    @Test
    void endsAStreamThatFellSilentWithOneError() throws Exception {
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start() + Messages.delta("half") + "event: content_block_delta\ndata: {\"half");
            reply.await(NEVER);
        });
        var answer = exchange(Completions.request(Completions.STREAM));
        assertThat(answer.truncated()).isFalse();
        Completions.brokenOff(answer.text(), "half", "timeout_error");
        assertThat(answer.text()).endsWith("\"code\":\"timeout_error\"}}\n\n");
        upstream.take().awaitPeerClosed(SOON);
        assertThat(accessLine(Completions.id(answer))).contains("status=200").contains(" end=timeout ");
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
                reply.content("{\"id\":".getBytes(UTF_8));
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
        assertThat(accessLine(Completions.id(answer)))
                .contains("status=504", line)
                .contains(" end=timeout ");
    }

    private static void comments(RawClient client, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            assertThat(client.readEvent().orElseThrow().raw()).isEqualTo(COMMENT);
        }
    }

    private static Script unseen(String what) {
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
            for (int i = 0; i < 90; i++) {
                pipe.write(what.equals("thinking") ? thought : what.startsWith("half") ? " " : Messages.ping());
                pause(20);
            }
            pipe.write((what.startsWith("half") ? "{\"type\":\"ping\"}\n\n" : "")
                    + Messages.delta("at last")
                    + Messages.end());
            pipe.end();
        };
    }
}
