package dev.warder.servers;

import static dev.warder.servers.Patience.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.Reply;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/** A stream of 100 events 20 ms apart, and how late each came. */
final class PacedEvents {
    private static final int EVENTS = 100;
    private static final int APART_MILLIS = 20;
    private static final int LATEST_MILLIS = 1000;
    private final ServerGround ground;
    private final AtomicLongArray written = new AtomicLongArray(EVENTS);

    PacedEvents(ServerGround ground) {
        this.ground = ground;
    }

    /** Events that are held back come in bunches: half of them would be late by more than the pause between two. */
    void comeOneByOne() throws Exception {
        ground.upstream().next((request, reply) -> write(reply));
        var late = new long[EVENTS];
        try (var client = ground.client()) {
            client.send(ground.streaming()).readHead();
            for (int i = 0; i < EVENTS; i++) {
                assertThat(client.readEvent().orElseThrow().data()).contains("event " + i + "\"");
                late[i] = (System.nanoTime() - written.get(i)) / 1_000_000;
            }
            assertThat(ServerGround.rest(client)).extracting(RawEvent::name).endsWith("message_stop");
        }
        Arrays.sort(late);
        assertThat(late[EVENTS / 2]).isLessThan(APART_MILLIS);
        assertThat(late[EVENTS - 1]).isLessThan(LATEST_MILLIS);
    }

    private void write(Reply reply) throws IOException, InterruptedException {
        reply.eventStream();
        for (int i = 0; i < EVENTS; i++) {
            pause(APART_MILLIS);
            written.set(i, System.nanoTime());
            reply.chunk(Messages.delta("event " + i));
        }
        reply.chunk(Messages.end());
        reply.lastChunk();
    }
}
