package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Reply;
import dev.warder.testkit.TomcatContainer;
import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams in which nothing is said for 100 s, through each front end before each server. All are silent at the same time,
 * and in a JVM of their own beside the other tests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SilentFront {
    private static final Duration SILENCE = Duration.ofSeconds(Long.getLong("warder.frontends.silence", 100));
    private static final List<FrontEnd> FRONT_ENDS =
            List.of(new FrontEnd.NginxFrontEnd(), new FrontEnd.HaproxyFrontEnd(), new FrontEnd.ApacheFrontEnd());
    private static final List<Container.Starter> SERVERS = List.of(TomcatContainer::start, JettyContainer::start);

    private final Deque<Rig> rigs = new ArrayDeque<>();
    private final List<Silent> streams = new ArrayList<>();

    /** A stream whose first event was read. */
    private record Silent(String name, Caller.EventReader events, long began) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    void begin() throws Exception {
        for (var server : SERVERS) {
            for (var frontEnd : FRONT_ENDS) {
                // Without comments the stream is silent on every hop.
                var rig = Rig.start(frontEnd, server, 1, deployment -> deployment.with("stream.keepAlive", "0s"));
                rigs.push(rig);
                for (var version : Version.values()) {
                    streams.add(begin(rig, version));
                }
            }
        }
    }

    @AfterAll
    void end() throws Exception {
        for (var rig : rigs) {
            rig.close();
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void keepsAStreamThatIsSilentForAHundredSeconds(Silent stream) throws Exception {
        assertThat(stream.events().names()).containsExactly("content_block_stop", "message_delta", "message_stop");
        assertThat(System.nanoTime() - stream.began()).isGreaterThanOrEqualTo(SILENCE.toNanos());
    }

    private List<Silent> streams() {
        return streams;
    }

    private static Silent begin(Rig rig, Version version) throws Exception {
        rig.upstream().next((request, reply) -> beSilent(reply));
        var answer = Caller.of(rig.uri(), version).stream();
        assertThat(answer.version()).isEqualTo(version);
        var events = new Caller.EventReader(answer.body());
        assertThat(events.next().orElseThrow().name()).isEqualTo("ping");
        return new Silent(rig.name() + ", " + version, events, System.nanoTime());
    }

    private static void beSilent(Reply reply) throws Exception {
        reply.eventStream();
        reply.chunk(Messages.ping());
        assertThat(new CountDownLatch(1).await(SILENCE.toMillis() + 1000, TimeUnit.MILLISECONDS))
                .isFalse();
        reply.chunk(Messages.end());
        reply.lastChunk();
    }
}
