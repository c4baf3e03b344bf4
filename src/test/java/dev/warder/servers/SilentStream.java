package dev.warder.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A stream in which nothing is said for a long time, held open while other tests run. One thread at a time. */
final class SilentStream implements AutoCloseable {
    private final RawClient client;
    private final Duration silence;
    private final AtomicLong began;

    private final CountDownLatch over;

    private SilentStream(RawClient client, Duration silence, AtomicLong began, CountDownLatch over) {
        this.client = client;
        this.silence = silence;
        this.began = began;
        this.over = over;
    }

    /** Begins the stream and reads its beginning. */
    static SilentStream begin(ServerGround ground, Duration silence) throws IOException, InterruptedException {
        var began = new AtomicLong();
        var over = new CountDownLatch(1);
        ground.upstream().next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.ping());
            began.set(System.nanoTime());
            boolean early = over.await(silence.toMillis(), TimeUnit.MILLISECONDS);
            if (early) {
                return;
            }
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        var client = ground.client().readTimeout((int) silence.toMillis() + 20_000);
        client.send(ground.streaming()).readHead();
        assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
        ground.upstream().take();
        return new SilentStream(client, silence, began, over);
    }

    /** Reads the end, which comes behind the silence. */
    void awaitEnd() throws IOException {
        try (client) {
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("content_block_stop");
            assertThat(System.nanoTime() - began.get()).isGreaterThanOrEqualTo(silence.toNanos());
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("message_delta");
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("message_stop");
            assertThat(client.readEvent()).isEmpty();
        }
    }

    /** Leaves, also in the middle of the silence, which ends: a server that stops would wait for the stream. */
    @Override
    public void close() throws IOException {
        over.countDown();
        client.close();
    }
}
