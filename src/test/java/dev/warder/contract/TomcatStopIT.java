package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.Script;
import dev.warder.testkit.TomcatContainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What only Tomcat does to open streams when it stops the application. */
@Tag("one-container")
class TomcatStopIT extends Contract {
    private static final String STREAMING = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true,\"messages\":[]}";

    @Override
    Container.Starter starter() {
        return TomcatContainer.STARTER;
    }

    /** Between the two Tomcat ends every open request with a time-out, once a second. */
    @Test
    void endsAStreamWithOneErrorBetweenTheBeginningOfTheStopAndItsAnnouncement() throws Exception {
        var container = (TomcatContainer) deploy(deployment());
        var ended = latch();
        container.atStop(() -> awaitQuietly(ended));
        upstream.next(Script.heldEvents(latch(), Messages.ping()));
        try (var client = connect(container)) {
            client.send(message(STREAMING)).readHead();
            assertThat(client.readEvent().map(RawEvent::name)).contains("ping");
            var stop = CompletableFuture.runAsync(container::undeploy);
            var names = new ArrayList<String>();
            for (var event = client.readEvent(); event.isPresent(); event = client.readEvent()) {
                names.add(event.get().name());
            }
            ended.countDown();
            assertThat(names).containsExactly("error");
            stop.get(20, TimeUnit.SECONDS);
        }
        log.await("dev.warder.access", line -> line.contains(" end=drained "), Duration.ofSeconds(5));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }
}
