package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Limit;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawHead;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Draining and undeploying with streams under way. */
@OnEachContainer
class LifeCycleContract extends Contract {
    private static final Duration SOON = Limit.seconds(5);
    private static final String STREAMING = DeployedContract.STREAMING;

    @Override
    ScriptedUpstream newUpstream() throws IOException {
        return ScriptedUpstream.plain();
    }

    @Test
    void drainsWhenItsFileAppears(@TempDir Path folder) throws Exception {
        var file = folder.resolve("drain");
        var container = deploy(deployment().with("drain.file", file.toString()).with("timeouts.drain", "2s"));
        assertThat(ready(container)).isEqualTo(200);
        var goesOn = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        upstream.next((request, reply) -> endingAfter(goesOn, reply))
                .next((request, reply) -> endingAfter(never, reply));
        var ending = closing(RawClient.connect(container.baseUri()));
        var endingHead = begin(ending);
        var staying = closing(RawClient.connect(container.baseUri()));
        var stayingHead = begin(staying);
        Files.createFile(file);
        DeployedContract.eventually("it drains", () -> (Boolean) container.gateway("Draining"));
        assertDraining(container);
        goesOn.countDown();
        assertThat(ending.readBody(endingHead).text()).isEqualTo(Messages.end());
        assertEndedByError(staying, stayingHead);
        log.await("dev.warder.access", line -> line.contains(" end=drained "), SOON);
        never.countDown();
    }

    @Test
    void drainsWhenTheMBeanIsTold() throws Exception {
        var container = deploy(deployment().with("timeouts.drain", "500ms"));
        var never = new CountDownLatch(1);
        upstream.next((request, reply) -> reply.await(never));
        var waiting = closing(RawClient.connect(container.baseUri()));
        waiting.send(message(STREAMING));
        upstream.take();
        ManagementFactory.getPlatformMBeanServer()
                .invoke(container.bean().name(), "drain", new Object[0], new String[0]);
        assertDraining(container);
        var answer = waiting.readResponse();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).contains("\"overloaded_error\"");
        assertThat(answer.fields().first("retry-after")).isPresent();
        never.countDown();
    }

    /** Later deployments serve, and leave no thread and no connection either. */
    @Tag("turn-5")
    @Test
    void endsOpenStreamsWithOneErrorWhenUndeployed() throws Exception {
        var never = new CountDownLatch(1);
        var container = deploy(deployment().withOwnLibraries());
        upstream.script((request, reply) -> endingAfter(never, reply));
        var clients = new ArrayList<RawClient>();
        var heads = new ArrayList<RawHead>();
        for (int i = 0; i < 10; i++) {
            clients.add(closing(RawClient.connect(container.baseUri())));
            heads.add(begin(clients.get(i)));
        }
        assertThat(container.bean().isRegistered()).isTrue();
        undeploysAtOnce(container);
        upstream.requests().forEach(request -> request.awaitPeerClosed(SOON));
        for (int i = 0; i < clients.size(); i++) {
            assertEndedByError(clients.get(i), heads.get(i));
        }
        never.countDown();
        container.stop();
        upstream.script((request, reply) -> reply.json(200, Messages.message("again")));
        for (int i = 0; i < Turns.of(1, 5); i++) {
            var again = deploy(deployment().withOwnLibraries());
            assertThat(RawClient.exchange(again.baseUri(), message(STREAMING)).status())
                    .isEqualTo(200);
            var loader = again.applicationLoader();
            again.stop();
            assertNothingRuns(again, loader);
        }
        upstream.awaitConnectionsClosed(SOON);
    }

    /** The container may be stopped while clients take nothing: their exchanges are given up. */
    @Test
    void undeploysThoughClientsTakeNothing() throws Exception {
        var container = deploy(deployment().withOwnLibraries());
        upstream.script((request, reply) -> reply.floodEvents(64 << 20));
        for (int i = 0; i < 2; i++) {
            var client = closing(RawClient.connect(container.baseUri(), 32 * 1024));
            client.send(message(STREAMING)).readHead();
            upstream.take().written().awaitAtLeast(1 << 20, SOON);
        }
        var loader = container.applicationLoader();
        container.undeploy();
        assertNothingRuns(container, loader);
        upstream.requests().forEach(request -> request.awaitPeerClosed(SOON));
        assertThat(log.lines("dev.warder.access", Level.INFO))
                .extracting(LogLine::text)
                .filteredOn(line -> line.contains(" end=drained "))
                .hasSize(2);
    }

    /** One was refused in the middle: nothing waits for it. The other is refused because the application stops: a moment. */
    @Test
    void waitsForNoUploadThatIsRefused() throws Exception {
        var container = deploy(deployment().withOwnLibraries());
        var never = new CountDownLatch(1);
        upstream.next(Script.atHead((request, reply) -> reply.reset()))
                .next(Script.atHead((request, reply) -> reply.await(never)));
        var refused = closing(RawClient.connect(container.baseUri()));
        assertThat(upload(refused).readResponse().status()).isEqualTo(502);
        upstream.take();
        var uploading = upload(closing(RawClient.connect(container.baseUri())));
        upstream.take();
        undeploysAtOnce(container);
        var answer = uploading.readResponse();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).contains("\"overloaded_error\"");
        never.countDown();
    }

    /** Begins an upload that never ends. */
    private static RawClient upload(RawClient client) throws Exception {
        return client.send(RawRequest.of("POST", "/v1/files")
                        .field("x-api-key", ACCESS_TOKEN)
                        .field("Content-Length", "5000000")
                        .head())
                .send(new byte[50_000]);
    }

    /** The application warns of each exchange, thread and connection that it has waited for in vain. */
    private void undeploysAtOnce(Container container) throws Exception {
        var loader = container.applicationLoader();
        log.clear();
        container.undeploy();
        assertThat(log.lines("dev.warder", Level.WARNING)).isEmpty();
        assertNothingRuns(container, loader);
    }

    private static void endingAfter(CountDownLatch latch, dev.warder.testkit.Reply reply) throws Exception {
        reply.eventStream();
        reply.chunk(Messages.ping());
        reply.await(latch);
        reply.chunk(Messages.end());
        reply.lastChunk();
    }

    private static RawHead begin(RawClient client) throws Exception {
        var head = client.send(message(STREAMING)).readHead();
        assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
        return head;
    }

    private static void assertEndedByError(RawClient client, RawHead head) throws Exception {
        var events = DispatchedEvent.of(client.readBody(head).body());
        assertThat(events).extracting(DispatchedEvent::name).containsExactly("error");
        assertThat(events.get(0).errorType()).isEqualTo("api_error");
        assertThat(events.get(0).lastLine().getString("request_id"))
                .isEqualTo(head.fields().first("X-Warder-Request-Id").orElseThrow());
    }

    private static void assertDraining(Container container) throws Exception {
        var health = RawClient.exchange(container.baseUri(), RawRequest.of("GET", "/health/ready"));
        assertThat(health.status()).isEqualTo(503);
        assertThat(health.text()).contains("\"reason\":\"draining\"");
        assertThat(RawClient.exchange(container.baseUri(), RawRequest.of("GET", "/health/live"))
                        .status())
                .isEqualTo(200);
        var refused = RawClient.exchange(container.baseUri(), message(STREAMING));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.fields().first("retry-after")).isPresent();
        assertThat(refused.text()).contains("\"overloaded_error\"");
    }

    private static int ready(Container container) throws Exception {
        return RawClient.exchange(container.baseUri(), RawRequest.of("GET", "/health/ready"))
                .status();
    }

    /** Others of this JVM may have applications of their own. A thread that has done its work ends a little later. */
    private static void assertNothingRuns(Container container, ClassLoader application) throws Exception {
        assertThat(container.bean().isRegistered()).isFalse();
        Eventually.holds(Limit.seconds(2), () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getContextClassLoader() == application
                        && thread.getName().startsWith("warder-")));
    }
}
