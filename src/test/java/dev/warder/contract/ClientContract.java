package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** Ground of contracts with clients that people use: none of their tests changes the application, so all share one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClientContract extends CommonGround {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    Ground ground;

    /** Warder with a shared access token and a managed key, below {@code /gw}. */
    Container container;

    @BeforeAll
    final void begin() throws Exception {
        ground = closing(new Ground(starter()));
        upstream = ground.upstream();
        log = ground.log();
        container = ground.shared(deployment());
    }

    /** What is deployed, with the address of the upstream of {@link #ground}. */
    Deployment deployment() {
        return ground.usual();
    }

    @BeforeEach
    final void forget() throws IOException {
        upstream.clear();
        log.clear();
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

    /** An error of the API, with the fields that come with one. */
    static Script error(int status, String type, String message) {
        return (request, reply) -> reply.field("request-id", "req_upstream")
                .field("retry-after", "7")
                .json(status, Messages.error(type, message));
    }

    /** A stream that breaks off with an error event. */
    static Script errorInStream() {
        return Script.events(
                Messages.start() + Messages.delta("Good "),
                Messages.event("error", Messages.error("overloaded_error", "too many")));
    }

    /** A stream whose connection is lost. */
    static Script lostStream() {
        return Script.cutEvents(Messages.start() + Messages.delta("Good "));
    }

    /** A stream that goes on until nobody reads it. */
    static Script endlessStream() {
        var never = latch();
        return (request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            while (!never.await(50, TimeUnit.MILLISECONDS)) {
                reply.chunk(Messages.delta("on "));
            }
        };
    }
}
