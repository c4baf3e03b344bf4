package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static dev.warder.servers.Patience.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;

/** A server that is drained by {@code drain.file} and stopped by {@code SIGTERM} while a stream is open. */
final class GracefulStop {
    private static final Duration LIMIT = Limit.seconds(10);
    private static final int EVENTS = 8;

    /** What Tomcat and WildFly shall wait; Jetty's is in the files of {@code conf/}, and Open Liberty waits for 30 s. */
    private static final Map<String, String> PATIENCE =
            Map.of("WARDER_UNLOAD_DELAY", "60000", "PREPEND_JAVA_OPTS", "-Dorg.wildfly.sigterm.suspend.timeout=60");

    private GracefulStop() {}

    /** Draining turns new requests away, a stop behind it waits for the end of the stream, and then the server is gone. */
    static void letsAStreamEnd(Run run) throws IOException, InterruptedException {
        try (var ground = ServerGround.start(run, PATIENCE);
                var client = ground.client()) {
            var server = ground.server();
            ground.upstream().next((request, reply) -> write(reply));
            client.send(ground.streaming()).readHead();
            Files.createFile(server.drainFile());
            eventually(() -> "it drains", LIMIT, () -> !server.well("/health/ready"));
            assertThat(ground.exchange(ground.authenticated("GET", "/v1/models"))
                            .status())
                    .isEqualTo(503);
            server.terminate();
            assertThat(ServerGround.rest(client))
                    .extracting(RawEvent::name)
                    .hasSizeGreaterThan(EVENTS)
                    .doesNotContain("error")
                    .endsWith("message_stop");
            eventually(() -> "it has stopped", LIMIT, server::gone);
        }
    }

    /** Events a second apart, which Jetty cuts by default. */
    private static void write(Reply reply) throws IOException, InterruptedException {
        reply.eventStream();
        for (int i = 0; i < EVENTS; i++) {
            reply.chunk(Messages.ping());
            pause(1000);
        }
        reply.chunk(Messages.end());
        reply.lastChunk();
    }
}
