package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A node that is drained by {@code conf/drain.sh}, with the file that the server's files of {@code conf/} name, and comes
 * back with a redeployment. The script needs curl.
 */
final class Draining {
    private static final Duration LIMIT = Limit.seconds(10);
    private final ServerGround ground;
    private final ServerProcess server;

    Draining(ServerGround ground) {
        this.ground = ground;
        this.server = ground.server();
    }

    /** New requests are turned away while an open stream goes on to its end; without the file the next deployment is ready. */
    void letsAStreamEndAndEndsWithARedeployment() throws IOException, InterruptedException {
        int starts = server.count("Warder is ready");
        Files.createDirectories(server.drainFile().getParent());
        try {
            letsAStreamEnd();
        } finally {
            Files.deleteIfExists(server.drainFile());
        }
        assertThat(readiness()).isEqualTo(503);
        server.redeploy();
        server.awaitLog("Warder is ready", starts + 1);
        eventually(() -> "the new deployment is ready", LIMIT, () -> server.well("/health/ready"));
    }

    private void letsAStreamEnd() throws IOException, InterruptedException {
        var mayEnd = new CountDownLatch(1);
        ground.upstream()
                .next(Script.events(Messages.ping(), mayEnd, Messages.delta("after the drain began"), Messages.end()));
        try (var client = ground.client()) {
            client.send(ground.streaming()).readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
            var script = drain();
            eventually(() -> "it drains", LIMIT, () -> !server.well("/health/ready"));
            assertThat(readiness()).isEqualTo(503);
            assertThat(ground.exchange(ground.authenticated("GET", "/v1/models"))
                            .status())
                    .isEqualTo(503);
            assertThat(script.waitFor(3, TimeUnit.SECONDS))
                    .as("it waits for a stream")
                    .isFalse();
            mayEnd.countDown();
            assertThat(ServerGround.rest(client))
                    .extracting(RawEvent::name)
                    .startsWith("content_block_delta")
                    .doesNotContain("error")
                    .endsWith("message_stop");
            assertThat(script.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("it returns")
                    .isTrue();
            assertThat(script.exitValue()).isZero();
        } finally {
            mayEnd.countDown();
        }
    }

    /** Runs the script of {@code conf/}, for a front end that takes the node out within a second. */
    private Process drain() throws IOException {
        var builder = new ProcessBuilder(
                "sh",
                Site.conf("drain.sh").toString(),
                server.drainFile().toString(),
                server.site().baseUri().toString());
        builder.environment().putAll(Map.of("WARDER_UNLIST", "1", "WARDER_DRAIN", "60"));
        var output = server.site().folder().resolve("drain.log").toFile();
        return builder.redirectErrorStream(true).redirectOutput(output).start();
    }

    private int readiness() throws IOException {
        return ground.exchange(ground.plain("GET", "/health/ready")).status();
    }
}
