package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.testkit.Container;
import dev.warder.testkit.Limit;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Draining and undeploying with streams under way.
 *
 * <p>A run with facades fails where code of the WAR uses a request after its end, and only then.
 *
 * <p>Chat completions when the application drains or is taken down: they end with one error in OpenAI's words.
 */
@OnEachContainer
class LifeCycleContract extends Contract {
    private static final String STREAMING = DeployedContract.STREAMING;

    private static final List<String> USES =
            List.of("request.getMethod", "response.setHeader", "in.isFinished", "out.isReady", "async.complete");

    private static final CountDownLatch NEVER = latch();

    @Override
    ScriptedUpstream newUpstream() throws IOException {
        return ScriptedUpstream.plain();
    }

    @Test
    void drainsWhenItsFileAppears(@TempDir Path folder) throws Exception {
        var file = folder.resolve("drain");
        var container = deploy(deployment().with("drain.file", file.toString()).with("timeouts.drain", "2s"));
        assertThat(ready(container)).isEqualTo(200);
        var goesOn = latch();
        upstream.next((request, reply) -> endingAfter(goesOn, reply))
                .next((request, reply) -> endingAfter(latch(), reply));
        var ending = closing(connect(container));
        var endingHead = begin(ending);
        var staying = closing(connect(container));
        var stayingHead = begin(staying);
        Files.createFile(file);
        eventually(() -> (Boolean) container.gateway("Draining"));
        assertDraining(container);
        goesOn.countDown();
        assertThat(ending.readBody(endingHead).text()).isEqualTo(Messages.end());
        assertEndedByError(staying, stayingHead);
        log.await("dev.warder.access", line -> line.contains(" end=drained "), SOON);
    }

    @Test
    void drainsWhenTheMBeanIsTold() throws Exception {
        var container = deploy(deployment().with("timeouts.drain", "500ms"));
        upstream.next((request, reply) -> reply.await(latch()));
        var waiting = closing(connect(container));
        waiting.send(message(STREAMING));
        upstream.take();
        ManagementFactory.getPlatformMBeanServer()
                .invoke(container.bean().name(), "drain", new Object[0], new String[0]);
        assertDraining(container);
        var answer = waiting.readResponse();
        assertText(503, answer).contains("\"overloaded_error\"");
        assertThat(answer.fields().first("retry-after")).isPresent();
    }

    /** Later deployments serve, and leave no thread and no connection either. */
    @Tag("turn-5")
    @Test
    void endsOpenStreamsWithOneErrorWhenUndeployed() throws Exception {
        var container = deploy(deployment().withOwnLibraries());
        var never = latch();
        upstream.script((request, reply) -> endingAfter(never, reply));
        var clients = new ArrayList<RawClient>();
        var heads = new ArrayList<RawHead>();
        for (int i = 0; i < 10; i++) {
            clients.add(closing(connect(container)));
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
        upstream.script(json(200, Messages.message("again")));
        for (int i = 0; i < Turns.of(1, 5); i++) {
            var again = deploy(deployment().withOwnLibraries());
            assertStatus(200, exchange(again, message(STREAMING)));
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
            (closing(RawClient.connect(container.baseUri(), 32 * 1024)))
                    .send(message(STREAMING))
                    .readHead();
            upstream.take().written().awaitAtLeast(1 << 20, SOON);
        }
        var loader = container.applicationLoader();
        container.undeploy();
        assertNothingRuns(container, loader);
        upstream.requests().forEach(request -> request.awaitPeerClosed(SOON));
        assertThat(texts("dev.warder.access", Level.INFO))
                .filteredOn(line -> line.contains(" end=drained "))
                .hasSize(2);
    }

    /** One was refused in the middle: nothing waits for it. The other is refused because the application stops: a moment. */
    @Test
    void waitsForNoUploadThatIsRefused() throws Exception {
        var container = deploy(deployment().withOwnLibraries());
        upstream.next(Script.atHead((request, reply) -> reply.reset()))
                .next(Script.atHead((request, reply) -> reply.await(latch())));
        assertStatus(502, upload(closing(connect(container))).readResponse());
        upstream.take();
        var uploading = upload(closing(connect(container)));
        upstream.take();
        undeploysAtOnce(container);
        assertText(503, uploading.readResponse()).contains("\"overloaded_error\"");
    }

    /** Begins an upload that never ends. */
    private static RawClient upload(RawClient client) throws Exception {
        return client.send(authenticated("POST", "/v1/files")
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
        assertThat(events.get(0).lastLine().getString("request_id")).isEqualTo(id(head.fields()));
    }

    private static void assertDraining(Container container) throws Exception {
        var health = exchange(container, RawRequest.of("GET", "/health/ready"));
        assertText(503, health).contains("\"reason\":\"draining\"");
        assertStatus(200, exchange(container, RawRequest.of("GET", "/health/live")));
        var refused = assertStatus(503, exchange(container, message(STREAMING)));
        assertThat(refused.fields().first("retry-after")).isPresent();
        assertThat(refused.text()).contains("\"overloaded_error\"");
    }

    private static int ready(Container container) throws Exception {
        return exchange(container, RawRequest.of("GET", "/health/ready")).status();
    }

    /** Others of this JVM may have applications of their own. A thread that has done its work ends a little later. */
    private static void assertNothingRuns(Container container, ClassLoader application) throws Exception {
        assertThat(container.bean().isRegistered()).isFalse();
        Eventually.holds(Limit.seconds(2), () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getContextClassLoader() == application
                        && thread.getName().startsWith("warder-")));
    }

    @Test
    void failsARunWithLateUses() throws Exception {
        var container = deployFilter();
        keepOne(container);
        for (var use : USES) {
            exchange(container, streaming().field("X-Late", use));
        }
        var failed = assertThatThrownBy(container::stop).isInstanceOf(AssertionError.class);
        failed.hasMessageContaining(LateUseFilter.class.getName());
        for (var use : USES) {
            failed.hasMessageContaining(use + " after ");
        }
    }

    @Test
    void passesARunWithoutALateUse() throws Exception {
        var container = deployFilter();
        keepOne(container);
        container.stop();
    }

    private Container deployFilter() throws Exception {
        return deploy(deployment().ofWar(ChangedWar.withLateUseFilter()).withFacades(true));
    }

    /** On one connection: a container serves the second request only after the first one's end. */
    private void keepOne(Container container) throws Exception {
        upstream.script((request, reply) -> reply.messageStream("whole"));
        try (var client = connect(container)) {
            assertStatus(200, client.exchange(streaming().field("X-Keep", "yes")));
            assertStatus(200, client.exchange(streaming()));
        }
    }

    private static RawRequest streaming() {
        return message("{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}");
    }

    @Test
    void endsStreamsAndAnswersThatDoNotComeInTime() throws Exception {
        var container = deployed("timeouts.drain", "1s");
        var stream = stream(container);
        var streamHead = stream.readHead();
        assertThat(stream.readEvent().orElseThrow().data()).contains("\"role\"");
        upstream.next((request, reply) -> {
            reply.field("Content-Type", "application/json").length(900);
            reply.content(utf8("{\"id\":"));
            reply.await(NEVER);
        });
        var whole = closing(connect(container));
        whole.send(Completions.request(Completions.WHOLE));
        upstream.take();
        upstream.take().written().awaitAtLeast(6, SOON);
        ManagementFactory.getPlatformMBeanServer()
                .invoke(container.bean().name(), "drain", new Object[0], new String[0]);
        var late = exchange(container, Completions.request(Completions.STREAM));
        Completions.refused(late, 503, "server_error", "overloaded");
        assertThat(late.fields().first("retry-after")).isPresent();
        Completions.brokenOff(stream.readBody(streamHead).text(), "half", "api_error");
        var answer = whole.readResponse();
        Completions.refused(answer, 503, "server_error", "overloaded");
        assertThat(answer.fields().first("retry-after")).isPresent();
        log.await("dev.warder.access", line -> line.contains("status=200") && line.contains(" end=drained "), SOON);
        log.await("dev.warder.access", line -> line.contains("status=503") && line.contains(" end=drained "), SOON);
    }

    @Test
    void endsStreamsWhenUndeployed() throws Exception {
        var container = deployed("stream.keepAlive", "0s");
        var stream = stream(container);
        var head = stream.readHead();
        assertThat(stream.readEvent().orElseThrow().data()).contains("\"role\"");
        container.undeploy();
        Completions.brokenOff(stream.readBody(head).text(), "half", "api_error");
        upstream.take().awaitPeerClosed(SOON);
    }

    private Container deployed(String name, String value) throws Exception {
        return deploy(deployment().with("openai.models", Completions.ALIASES).with(name, value));
    }

    private RawClient stream(Container container) throws Exception {
        upstream.next(Script.heldEvents(NEVER, Messages.start() + Messages.delta("half")));
        return closing(connect(container)).send(Completions.request(Completions.STREAM));
    }
}
