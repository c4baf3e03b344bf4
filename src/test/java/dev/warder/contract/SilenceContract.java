package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What happens while nothing happens: comments in a silent stream, and time-outs. */
@OnEachContainer
class SilenceContract extends DeployedContract {
    SilenceContract(Container.Starter starter) {
        super(starter);
    }

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("stream.keepAlive", "200ms")
                .with("timeouts.firstByte", "700ms")
                .with("timeouts.idle", "2s");
    }

    @Test
    void writesCommentsBetweenEventsWhileTheUpstreamIsSilent() throws Exception {
        var commented = new CountDownLatch(1);
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            reply.await(commented);
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        try (var client = client()) {
            var head = client.send(message(STREAMING)).readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("message_start");
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("content_block_start");
            for (int i = 0; i < 3; i++) {
                assertThat(client.readEvent().orElseThrow().raw()).isEqualTo(": keep-alive\n\n");
            }
            commented.countDown();
            String rest = client.readBody(head).text();
            assertThat(rest.replace(": keep-alive\n\n", "")).isEqualTo(Messages.end());
        }
    }

    @Test
    void writesCommentsBehindTheHeadAlone() throws Exception {
        var commented = new CountDownLatch(1);
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.await(commented);
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        try (var client = client()) {
            client.send(message(STREAMING)).readHead();
            assertThat(client.readEvent().orElseThrow().raw()).isEqualTo(": keep-alive\n\n");
            commented.countDown();
        }
    }

    @Test
    void writesNoCommentWithinAnEvent() throws Exception {
        var waited = new CountDownLatch(1);
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk("event: ping\ndata: {\"type\":");
            reply.await(waited);
            reply.chunk("\"ping\"}\n\n" + Messages.end());
            reply.lastChunk();
        });
        try (var client = client()) {
            var head = client.send(message(STREAMING)).readHead();
            String half = new String(client.readSome(1000), StandardCharsets.UTF_8);
            assertThat(half).isEqualTo("event: ping\ndata: {\"type\":");
            pause(900);
            waited.countDown();
            assertThat(client.readBody(head).text()).isEqualTo("\"ping\"}\n\n" + Messages.end());
        }
    }

    @Test
    void endsAStreamThatFellSilentWithATimeoutError() throws Exception {
        var never = new CountDownLatch(1);
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start() + "event: content_block_delta\ndata: {\"half");
            reply.await(never);
        });
        try (var client = client()) {
            var answer = client.send(message(STREAMING)).readResponse();
            var events = DispatchedEvent.of(answer.body());
            assertThat(events)
                    .extracting(DispatchedEvent::name)
                    .endsWith("error")
                    .hasSize(3);
            assertThat(events.get(2).errorType()).isEqualTo("timeout_error");
            assertThat(answer.truncated()).isFalse();
            upstream.take().awaitPeerClosed(SOON);
            assertThat(accessLine(answer.fields().first("X-Warder-Request-Id").orElseThrow()))
                    .contains(" end=timeout ");
        }
        never.countDown();
    }

    @Test
    void breaksOffAJsonAnswerThatFellSilent() throws Exception {
        var never = new CountDownLatch(1);
        upstream.next((request, reply) -> {
            reply.field("Content-Type", "application/json").length(900);
            reply.content("{".getBytes(StandardCharsets.UTF_8));
            reply.await(never);
        });
        var answer = exchange(message(STREAMING));
        assertThat(answer.truncated()).isTrue();
        assertThat(answer.text()).isEqualTo("{");
        upstream.take().awaitPeerClosed(SOON);
        never.countDown();
    }

    @Test
    void tellsATimeoutWhereNoAnswerBegins() throws Exception {
        var never = new CountDownLatch(1);
        upstream.next((request, reply) -> reply.await(never));
        var answer = exchange(message(STREAMING));
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.text()).contains("\"timeout_error\"");
        upstream.take().awaitPeerClosed(SOON);
        String line = accessLine(answer.fields().first("X-Warder-Request-Id").orElseThrow());
        assertThat(line).contains("status=504").contains("ttfb=-").contains(" end=timeout ");
        never.countDown();
    }

    @Test
    void countsTheWaitForTheFirstByteFromTheEndOfTheRequestOnly() throws Exception {
        upstream.next((request, reply) -> reply.json(200, Messages.message("late upload")));
        try (var client = client()) {
            client.send(authenticated("POST", "/v1/files")
                    .field("Content-Length", "3")
                    .head());
            for (int i = 0; i < 3; i++) {
                pause(400);
                client.send("x");
            }
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }
}
