package dev.warder.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** One side of a stream goes away in its middle. */
final class LostSides {
    private static final int CLIENTS = 5;
    private static final String HALF = "half of it";
    private static final Duration SOON = Duration.ofSeconds(2);
    private final ServerGround ground;

    LostSides(ServerGround ground) {
        this.ground = ground;
    }

    /** The client gets what came, and one error event. */
    void anUpstreamThatDies() throws IOException {
        var read = new CountDownLatch(1);
        ground.upstream().next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.ping());
            reply.await(read);
            reply.reset();
        });
        try (var client = ground.client()) {
            client.send(ground.streaming()).readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
            read.countDown();
            assertThat(ServerGround.rest(client)).extracting(RawEvent::name).containsExactly("error");
        }
    }

    /** The client sees that a download is incomplete: it has a length, and the connection is closed. */
    void anUpstreamThatDiesInADownload() throws IOException, InterruptedException {
        endsADownload(reply -> {
            reply.field("Content-Type", "application/octet-stream").length(HALF.length() * 2L);
            reply.content(HALF.getBytes(StandardCharsets.UTF_8));
        });
    }

    /** The client sees that although the download has no length. */
    void anUpstreamThatDiesInADownloadOfUnknownLength() throws IOException, InterruptedException {
        endsADownload(reply -> {
            reply.field("Content-Type", "application/octet-stream").chunked();
            reply.chunk(HALF);
        });
    }

    private void endsADownload(Half begin) throws IOException, InterruptedException {
        var read = new CountDownLatch(1);
        ground.upstream().next((request, reply) -> {
            begin.write(reply);
            reply.await(read);
            reply.reset();
        });
        try (var client = ground.client()) {
            var head = client.send(ground.authenticated("GET", "/v1/files/1/content"))
                    .readHead();
            ground.upstream().take();
            read.countDown();
            var response = client.readBody(head);
            assertThat(response.text()).isEqualTo(HALF);
            assertThat(response.truncated()).isTrue();
        }
    }

    /** The first half of a response. */
    private interface Half {
        void write(Reply reply) throws IOException;
    }

    /** The upstream is closed soon, also on a connection that was used before. */
    void clientsThatLeave() throws IOException, InterruptedException {
        for (int i = 0; i < CLIENTS; i++) {
            ground.upstream()
                    .next((request, reply) -> reply.messageStream("first"))
                    .next(ServerGround::endless);
            ground.exchange(ground.streaming());
            ground.upstream().take();
            var client = ground.client();
            client.send(ground.streaming()).readHead();
            assertThat(client.readEvent()).isPresent();
            var request = ground.upstream().take();
            client.reset();
            request.awaitPeerClosed(SOON);
        }
    }
}
