package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static dev.warder.servers.Patience.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Limit;
import java.io.IOException;
import java.time.Duration;

/** The WAR in the place of the running one again and again, under load each time. */
final class Redeployments {
    private static final int TIMES = 5;
    private static final long FLOOD = 96L << 20;
    private static final Duration SOON = Limit.seconds(5);
    private final ServerGround ground;
    private final ServerProcess server;
    private final Leftovers leftovers;

    Redeployments(ServerGround ground) {
        this.ground = ground;
        this.server = ground.server();
        this.leftovers = new Leftovers(server);
    }

    /** Each stream ends with one error event, and in the end no thread, class loader or connection is left. */
    void leaveNothingBehind() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            redeploy();
        }
        assertThat(leftovers.threads()).isNotEmpty();
        leftovers.awaitDeployments(server.mostDeployments());
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

    private void redeploy() throws Exception {
        int starts = server.count("Warder is ready");
        try (var load = new Load(ground)) {
            server.redeploy();
            server.awaitLog("Warder is ready", starts + 1);
            server.awaitDeployed();
            load.awaitEnd();
        }
    }
}
