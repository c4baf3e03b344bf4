package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import org.junit.jupiter.api.Test;

/** Upstreams that fall silent for longer than they may: here is what waits for a time-out, and nothing else that one could strike. */
@OnEachContainer
class TimeoutContract extends DeployedContract {
    @Override
    Deployment configured(Deployment plain) {
        return impatient(plain);
    }

    /** A body that waits is given up after 2 s; what is silent before one has a second more, since others have to respond before that. */
    static Deployment impatient(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES)
                .with("openai.reasoning", "false")
                .with("stream.keepAlive", "200ms")
                .with("timeouts.firstByte", "3s")
                .with("timeouts.idle", "2s");
    }

    @Test
    void endsAStreamThatFellSilentWithATimeoutError() throws Exception {
        upstream.next(Script.heldEvents(latch(), Messages.start() + "event: content_block_delta\ndata: {\"half"));
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
            assertThat(accessLine(answer.fields())).contains(" end=timeout ");
        }
    }

    @Test
    void endsAStreamProperlyWhoseUpstreamKeepsItsConnectionAfterTheLastEvent() throws Exception {
        upstream.next(Script.heldEvents(latch(), Messages.start() + Messages.end()));
        var answer = exchange(message(STREAMING));
        assertThat(answer.text()).isEqualTo(Messages.start() + Messages.end());
        assertThat(answer.truncated()).isFalse();
        upstream.take().awaitPeerClosed(SOON);
        assertThat(accessLine(answer.fields())).contains("status=200").contains(" end=ok ");
    }

    @Test
    void breaksOffAJsonAnswerThatFellSilent() throws Exception {
        upstream.next((request, reply) -> {
            reply.field("Content-Type", "application/json").length(900);
            reply.content(utf8("{"));
            reply.await(latch());
        });
        var answer = exchange(message(STREAMING));
        assertThat(answer.truncated()).isTrue();
        assertThat(answer.text()).isEqualTo("{");
        upstream.take().awaitPeerClosed(SOON);
    }

    @Test
    void tellsATimeoutWhereNoAnswerBegins() throws Exception {
        upstream.next((request, reply) -> reply.await(latch()));
        var answer = exchange(message(STREAMING));
        assertText(504, answer).contains("\"timeout_error\"");
        upstream.take().awaitPeerClosed(SOON);
        String line = accessLine(answer.fields());
        assertThat(line).contains("status=504").contains("ttfb=-").contains(" end=timeout ");
    }

    /** No server notices such a client before it writes. */
    @Test
    void endsAnExchangeWhoseClientLeftBeforeAHeadThatNeverComes() throws Exception {
        upstream.next((request, reply) -> reply.await(latch()));
        var client = client().send(message(STREAMING));
        var request = upstream.take();
        client.reset();
        request.awaitPeerClosed(SOON);
    }

    /** The upload takes longer than the wait: it has begun when another exchange begins to wait, and ends after that was given up. */
    @Test
    void countsTheWaitForTheFirstByteFromTheEndOfTheRequestOnly() throws Exception {
        upstream.script((request, reply) -> {
            if (request.path().equals("/v1/files")) {
                // Longer than the time between two looks at the exchanges.
                pause(500);
                reply.json(200, Messages.message("late upload"));
            } else {
                reply.await(latch());
            }
        });
        try (var client = client()) {
            client.send(authenticated("POST", "/v1/files")
                    .field("Content-Length", "2")
                    .head());
            client.send("x");
            assertStatus(504, exchange(message(STREAMING)));
            client.send("x");
            assertStatus(200, client.readResponse());
        }
    }
}
