package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.Eventually;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Two nodes, of which one is drained. By HTTP/1.1: nginx's reload tells HTTP/2 clients to go, upon which Java's drops what
 * it has under way; others finish it.
 */
abstract class DrainContract implements Pair {
    private static final Duration SOON = Duration.ofSeconds(15);

    /** The drained node has fewer streams than the other, so that it would be the first choice. */
    @Test
    void takesADrainedNodeOutWhileItsStreamsGoOn() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var rig = Rig.start(kind(), starter(), 2)) {
            rig.nodes().forEach(node -> node.upstream().on("/v1/messages", held(goOn)));
            var streams = open(rig, 3);
            var drained = rig.nodes().stream()
                    .min(Comparator.comparingInt(DrainContract::load))
                    .orElseThrow();
            assertThat(load(drained)).as("both nodes have a stream").isPositive();
            drain(rig, drained);
            rig.nodes().forEach(node -> node.upstream().clear());
            for (int i = 0; i < 20; i++) {
                assertThat(count(rig)).isEqualTo(200);
            }
            assertThat(drained.upstream().requests()).isEmpty();
            goOn.countDown();
            for (var stream : streams) {
                assertThat(stream.names()).containsExactly("content_block_stop", "message_delta", "message_stop");
            }
        }
    }

    /** Starts draining and waits until no request meets the node any more; those in between are refused, not lost. */
    private static void drain(Rig rig, Rig.Node drained) throws Exception {
        var began = System.nanoTime();
        Files.createFile(drained.drainFile());
        Eventually.holds(SOON, () -> ready(drained) == 503);
        var refused = new ArrayList<Integer>();
        var lastRefused = new AtomicLong(began);
        Eventually.holds(SOON, () -> allAreAnswered(rig, refused, lastRefused));
        assertThat(refused).as("answers before it was out").allMatch(status -> status == 503);
        var out = lastRefused.get() - began;
        Rig.Report.figure(rig, "drained node taken out after", TimeUnit.NANOSECONDS.toMillis(out) + " ms");
    }

    private static int ready(Rig.Node node) throws Exception {
        return RawClient.exchange(node.container().baseUri(), RawRequest.of("GET", "/health/ready"))
                .status();
    }

    /** For half a second: while nginx reloads, its old workers take connections beside the new ones. */
    private static boolean allAreAnswered(Rig rig, List<Integer> refused, AtomicLong lastRefused) throws Exception {
        for (int i = 0; i < 20; i++) {
            var status = count(rig);
            if (status != 200) {
                refused.add(status);
                lastRefused.set(System.nanoTime());
                return false;
            }
            assertThat(new CountDownLatch(1).await(25, TimeUnit.MILLISECONDS)).isFalse();
        }
        return true;
    }

    private static List<Caller.EventReader> open(Rig rig, int count) throws Exception {
        var streams = new ArrayList<Caller.EventReader>();
        for (int i = 0; i < count; i++) {
            var answer = Caller.of(rig.uri(), HttpClient.Version.HTTP_1_1).stream();
            var stream = new Caller.EventReader(answer.body());
            assertThat(stream.next().orElseThrow().raw()).as("%s", answer).startsWith("event: ping");
            streams.add(stream);
        }
        return streams;
    }

    private static int count(Rig rig) throws Exception {
        return Caller.of(rig.uri(), HttpClient.Version.HTTP_1_1).count();
    }

    private static int load(Rig.Node node) {
        return node.upstream().requests().size();
    }

    private static Script held(CountDownLatch goOn) {
        return Script.events(Messages.ping(), goOn, Messages.end());
    }
}
