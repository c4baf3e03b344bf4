package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.testkit.Container;
import dev.warder.testkit.Flood;
import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Script;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The slower side sets the pace, and the faster one's bytes stay where they are. */
@OnEachContainer
@Tag("turn-5")
class BackPressureContract extends Contract {
    /** A quarter is more than a kernel holds: Linux lets a receive buffer grow to 32 MiB where readers are slow (tcp_rmem). */
    private static final long FLOOD = (long) Turns.of(160, 256) << 20;

    private static final int UPLOAD = Turns.of(48, 64) << 20;
    private static final Duration PAUSE = Duration.ofSeconds(Turns.of(1, 60));

    /**
     * A client pauses for a minute, or for a few seconds in the gate, with a plain upstream and with one behind TLS at the same time. It takes that long
     * because time-outs of half a minute are usual everywhere, and none may strike here.
     */
    @Test
    void holdsTheUpstreamWhileAClientDoesNotReadForAMinute() throws Exception {
        log.level("org.apache.hc", Level.INFO);
        TestCertificate.shared().trustInThisJvm();
        var plain = new Paused(closing(ScriptedUpstream.plain()), "/plain");
        var secured = new Paused(closing(ScriptedUpstream.tls(TestCertificate.shared())), "/tls");
        plain.start();
        secured.start();
        Eventually.holds(Limit.seconds(60), () -> standStill(PAUSE, plain, secured));
        var other = Executors.newSingleThreadExecutor();
        try {
            var read = other.submit(plain::readsOn);
            secured.readsOn();
            assertThat(read.get()).isEqualTo(FLOOD);
        } finally {
            other.shutdownNow();
        }
    }

    /**
     * Whether no upstream can write for so long. Buffers of the sockets may still be filled at first, a little even after seconds
     * without a byte on a busy machine: then a new pause begins, until more has gone than buffers hold.
     */
    private static boolean standStill(Duration time, Paused... all) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        long before = written(all);
        while (written(all) == before && System.nanoTime() < end) {
            pause(100);
        }
        for (var each : all) {
            assertThat(each.written())
                    .as("what the upstream could write although the client does not read")
                    .isLessThan(FLOOD / 4);
        }
        return written(all) == before;
    }

    private static long written(Paused... all) {
        return Stream.of(all).mapToLong(Paused::written).sum();
    }

    @Test
    void holdsTheClientWhileTheUpstreamDoesNotRead() throws Exception {
        log.level("org.apache.hc", Level.INFO);
        var container = shared(deployment());
        var mayRead = latch();
        upstream.socketBuffers(64 * 1024, 0).script(Script.atHead((request, reply) -> {
            reply.await(mayRead);
            assertThat(reply.readBody()).isTrue();
            reply.json(200, "{}");
        }));
        var client = closing(connect(container));
        var sent = new AtomicLong();
        var answer = CompletableFuture.supplyAsync(
                () -> Flood.upload(client, authenticated("POST", "/v1/files"), UPLOAD, sent));
        var request = upstream.take();
        awaitStandstill(sent);
        assertThat(sent.get()).isLessThan(UPLOAD / 2);
        mayRead.countDown();
        assertThat(answer.get()).isEqualTo(200);
        assertThat(request.crc32c()).isEqualTo(Flood.crc32c(UPLOAD));
    }

    @Test
    void givesUpAClientThatTakesNothing() throws Exception {
        log.level("org.apache.hc", Level.INFO);
        var container = shared(deployment().with("timeouts.clientWrite", "1s"));
        upstream.script((request, reply) -> reply.flood(FLOOD));
        var client = closing(RawClient.connect(container.baseUri(), 32 * 1024));
        client.send(get()).readHead();
        upstream.take().awaitPeerClosed(SOON);
        log.await("dev.warder.access", line -> line.contains(" end=timeout "), SOON);
        assertThatThrownBy(client::readSummary).isInstanceOf(IOException.class);
        // The line is written by the first of several observers, and the exchange leaves after the last.
        eventually(() -> container.gateway("OpenExchanges").equals(0));
        assertThat(container.gateway("UpstreamConnectionsLeased")).isEqualTo(0);
    }

    @Test
    void givesUpAClientThatTakesNothingOfAStreamThatTrickles() throws Exception {
        var container = shared(deployment().with("timeouts.clientWrite", "1s"));
        upstream.script((request, reply) -> reply.floodEvents(16 << 20));
        var client = closing(RawClient.connect(container.baseUri(), 32 * 1024));
        client.send(message("{\"model\":\"claude-x\",\"stream\":true}")).readHead();
        upstream.take().awaitPeerClosed(SOON);
        log.await("dev.warder.access", line -> line.contains(" end=timeout "), SOON);
        assertThatThrownBy(client::readSummary).isInstanceOf(IOException.class);
    }

    private static RawRequest get() {
        return authenticated("GET", "/v1/files/1/content");
    }

    /** Waits until the number has not grown for half a second. */
    private static void awaitStandstill(AtomicLong number) throws InterruptedException {
        long before;
        do {
            before = number.get();
            pause(1000);
        } while (number.get() > before);
    }

    /** An exchange whose client stops reading after the head, with a deployment of its own. */
    private final class Paused {
        /** Far below the flood, and far above a segment of the loopback device (64 KiB), below which TCP crawls. */
        private static final int RECEIVE_BUFFER = 1024 * 1024;

        /**
         * A kernel whose receive buffer is full may drop the segment that it has itself allowed for, and then the other side's
         * kernel sends it again at longer and longer intervals, up to two minutes (TCP_RTO_MAX of Linux), even though
         * there is room by then. That is 3 of 1,400 pauses behind TLS, whose small records waste more of the buffer.
         */
        private static final int RESENT_MILLIS = 150_000;

        private final ScriptedUpstream flooding;
        private final Container container;
        private final RawClient client;
        private final RecordedRequest request;

        Paused(ScriptedUpstream flooding, String path) throws Exception {
            // What the kernel holds must be far below the flood.
            this.flooding = flooding.socketBuffers(0, 256 * 1024);
            container = deploy(deployment()
                    .withConf(flooding.uri().toString(), MANAGED_KEY, ACCESS_TOKEN)
                    .at(path)
                    .with("timeouts.clientWrite", "300s")
                    // Else a question of the gateway's own may take a connection beside the one that is counted.
                    .with("openai.enabled", "false")
                    .withIdleTimeout(Duration.ofMinutes(5)));
            client = closing(RawClient.connect(container.baseUri(), RECEIVE_BUFFER));
            flooding.script((got, reply) -> reply.flood(FLOOD));
            var line = get().bytes();
            client.send(
                    new String(line, java.nio.charset.StandardCharsets.ISO_8859_1).replace(" /v1", " " + path + "/v1"));
            request = flooding.take();
        }

        void start() throws IOException {
            assertThat(client.readHead().status()).isEqualTo(200);
        }

        long written() {
            return request.written().value();
        }

        long readsOn() throws IOException {
            assertThat(longestQueue()).isLessThanOrEqualTo(256 * 1024);
            var summary = client.readTimeout(RESENT_MILLIS).readSummary();
            assertThat(summary.length()).isEqualTo(FLOOD);
            assertThat(summary.crc32c()).isEqualTo(request.writtenCrc32c());
            assertThat(longestQueue()).isLessThanOrEqualTo(256 * 1024);
            assertThat(flooding.accepted().value()).isEqualTo(1);
            return summary.length();
        }

        private long longestQueue() {
            return (Long) container.gateway("LongestQueue");
        }
    }
}
