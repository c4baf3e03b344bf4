package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.Script;
import org.junit.jupiter.api.Test;

/** What a client of chat completions hears while there is nothing to tell it. {@link ChatTimeoutContract} has how long that may last. */
class ChatSilenceContract extends DeployedContract {
    private static final String COMMENT = ": keep-alive\n\n";

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES)
                .with("openai.reasoning", "false")
                .with("stream.keepAlive", "200ms");
    }

    @Test
    void commentsBetweenFramesWhileTheUpstreamIsSilent() throws Exception {
        var commented = latch();
        upstream.next(Script.events(
                Messages.start() + Messages.delta("one") + "event: content_block_delta\ndata: {\"type\"",
                commented,
                ":\"ping\"}\n\n" + Messages.delta(" two") + Messages.end()));
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
        var commented = latch();
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.await(commented);
            reply.chunk(String.join("", Messages.stream("fine")));
            reply.lastChunk();
        });
        try (var client = client()) {
            var head = client.send(Completions.request(Completions.STREAM)).readHead();
            comments(client, 3);
            commented.countDown();
            assertThat(Completions.streamedText(client.readBody(head).text())).isEqualTo("fine");
        }
    }

    @Test
    void commentsNoMoreBehindDone() throws Exception {
        var waited = latch();
        upstream.next(Script.events(String.join("", Messages.stream("fine")), waited));
        try (var client = client()) {
            client.send(Completions.request(Completions.STREAM)).readHead();
            RawEvent event;
            do {
                event = client.readEvent().orElseThrow();
            } while (!event.data().equals("[DONE]"));
            commentsBehindTheHeadAlone();
            waited.countDown();
            assertThat(client.readEvent()).isEmpty();
        }
    }

    @Test
    void commentsNothingIntoAnAnswerThatIsNoStream() throws Exception {
        upstream.next((request, reply) -> {
            byte[] message = utf8(Messages.message("late"));
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
}
