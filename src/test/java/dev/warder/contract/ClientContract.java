package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** Ground of contracts with clients that people use: none of their tests changes the application, so all share one. */
@OnChosenContainer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClientContract {
    private final Container.Starter starter;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    Ground ground;

    /** The API behind Warder. */
    ScriptedUpstream upstream;

    /** Warder with a shared access token and a managed key, below {@code /gw}. */
    Container container;

    ClientContract(Container.Starter starter) {
        this.starter = starter;
    }

    @BeforeAll
    final void begin() throws Exception {
        ground = closing(new Ground(starter));
        upstream = ground.upstream();
        container = ground.shared(deployment());
    }

    /** What is deployed, with the address of the upstream of {@link #ground}. */
    Deployment deployment() {
        return ground.usual();
    }

    @BeforeEach
    final void forget() throws IOException {
        upstream.clear();
        ground.log().clear();
    }

    @AfterEach
    final void nothingIsLeft() throws InterruptedException {
        ground.nothingIsLeft();
    }

    @AfterAll
    final void end() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** Closes {@code resource} when the class ends, the latest first. */
    final <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }
}
