package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a client hears of a stream that is silent, for as long as the upstream may be. {@link TimeoutContract} has the end of that. */
@OnEachContainer
class SilenceContract extends DeployedContract {
    @Override
    Deployment configured(Deployment plain) {
        return plain.with("stream.keepAlive", "200ms");
    }

    @Test
    void writesCommentsBetweenEventsWhileTheUpstreamIsSilent() throws Exception {
        var commented = latch();
        upstream.next(Script.events(Messages.start(), commented, Messages.end()));
        try (var client = client()) {
            var head = client.send(message(STREAMING)).readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("message_start");
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("content_block_start");
            comments(client, 3);
            commented.countDown();
            assertThat(client.readBody(head).text().replace(": keep-alive\n\n", ""))
                    .isEqualTo(Messages.end());
        }
    }

    @Test
    void writesCommentsBehindTheHeadAlone() throws Exception {
        var commented = latch();
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.await(commented);
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        try (var client = client()) {
            client.send(message(STREAMING)).readHead();
            comments(client, 1);
            commented.countDown();
        }
    }

    @Test
    void writesNoCommentWithinAnEvent() throws Exception {
        var waited = latch();
        upstream.next(Script.events("event: ping\ndata: {\"type\":", waited, "\"ping\"}\n\n" + Messages.end()));
        try (var client = client()) {
            var head = client.send(message(STREAMING)).readHead();
            String half = new String(client.readSome(1000), StandardCharsets.UTF_8);
            assertThat(half).isEqualTo("event: ping\ndata: {\"type\":");
            anotherStreamHas(4);
            waited.countDown();
            assertThat(client.readBody(head).text()).isEqualTo("\"ping\"}\n\n" + Messages.end());
        }
    }

    /** Passes when a stream that begins now has had so many comments. */
    private void anotherStreamHas(int comments) throws Exception {
        var commented = latch();
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.await(commented);
            reply.lastChunk();
        });
        try (var client = client()) {
            var head = client.send(message(STREAMING)).readHead();
            comments(client, comments);
            commented.countDown();
            client.readBody(head);
        }
    }
}
