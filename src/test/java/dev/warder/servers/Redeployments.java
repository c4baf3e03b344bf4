package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static dev.warder.servers.Patience.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawEvent;
import java.io.IOException;
import java.time.Duration;

/** The WAR in the place of the running one again and again, with a stream open each time. */
final class Redeployments {
    private static final int TIMES = 5;
    private static final long FLOOD = 96L << 20;
    private static final Duration SOON = Duration.ofSeconds(5);
    private final ServerGround ground;
    private final ServerProcess server;
    private final Leftovers leftovers;

    Redeployments(ServerGround ground) {
        this.ground = ground;
        this.server = ground.server();
        this.leftovers = new Leftovers(server);
    }

    /** Each stream ends with one error event, and in the end no thread, class loader or connection is left. */
    void leaveNothingBehind() throws IOException, InterruptedException {
        for (int i = 0; i < TIMES; i++) {
            redeploy();
        }
        assertThat(leftovers.threads()).isNotEmpty();
        leftovers.awaitDeployments(server.mostDeployments(TIMES));
        undeployUnderAClientThatDoesNotRead();
        eventually(
                () -> "no connection is open",
                SOON,
                () -> ground.upstream().open().value() == 0);
    }

    /** On Liberty a thread waits for such a client until that leaves, or for the server's time-out of 90 s. */
    private void undeployUnderAClientThatDoesNotRead() throws IOException, InterruptedException {
        ground.upstream().next((request, reply) -> reply.flood(FLOOD));
        try (var client = ground.clientWithSmallBuffer()) {
            client.send(ground.authenticated("GET", "/v1/files/1/content")).readHead();
            ground.upstream().take();
            pause(2000);
            server.undeploy();
            server.awaitUndeployed();
        }
        leftovers.awaitNoThreads();
    }

    private void redeploy() throws IOException, InterruptedException {
        int starts = server.count("Warder is ready");
        ground.upstream().next(ServerGround::endless);
        try (var client = ground.client()) {
            client.send(ground.streaming()).readHead();
            server.redeploy();
            var names = ServerGround.rest(client).stream().map(RawEvent::name).toList();
            assertThat(names).endsWith("error").containsOnlyOnce("error");
        }
        server.awaitLog("Warder is ready", starts + 1);
        server.awaitDeployed();
    }
}
