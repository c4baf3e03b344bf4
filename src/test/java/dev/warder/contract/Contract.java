package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.RunningContainers;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Ground that every contract stands on: a scripted upstream, the log of the whole virtual machine, and secrets that no log
 * may hold. The secrets are assembled here, so that no source holds a token.
 */
abstract class Contract extends CommonGround {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @BeforeEach
    final void begin() throws IOException {
        log = closing(LogCapture.start().plant(MANAGED_KEY, ACCESS_TOKEN, OWN_KEY, OWN_OAUTH));
        upstream = closing(newUpstream());
    }

    @AfterEach
    final void end() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** The upstream of each test, as new; a contract that counts its connections or closes it has one of its own. */
    ScriptedUpstream newUpstream() throws IOException {
        return ScriptedUpstream.shared();
    }

    /** The built WAR with the files of {@code conf/}: one shared access token, one managed key. */
    final Deployment deployment() {
        return Deployment.builtWar().withConf(upstream.uri().toString(), MANAGED_KEY, ACCESS_TOKEN);
    }

    /** Deploys until the end of the test. */
    final Container deploy(Deployment deployment) throws Exception {
        return closing(starter().start(deployment));
    }

    /** Of {@link RunningContainers}: for tests that leave it as it was. */
    final Container shared(Deployment deployment) throws Exception {
        var container = RunningContainers.of(starter(), deployment, ACCESS_TOKEN);
        closing(() -> RunningContainers.assertNothingIsLeft(container));
        return container;
    }

    /** Closes {@code resource} when the test ends, the latest first. */
    final <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }
}
