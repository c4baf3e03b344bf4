package dev.warder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.Script;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Chat completions when the application drains or is taken down: they end with one error in OpenAI's words. */
@OnEachContainer
class ChatDrainContract extends Contract {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    @Test
    void endsStreamsAndAnswersThatDoNotComeInTime() throws Exception {
        var container = deployed("timeouts.drain", "1s");
        var stream = stream(container);
        var streamHead = stream.readHead();
        assertThat(stream.readEvent().orElseThrow().data()).contains("\"role\"");
        upstream.next((request, reply) -> {
            reply.field("Content-Type", "application/json").length(900);
            reply.content("{\"id\":".getBytes(UTF_8));
            reply.await(NEVER);
        });
        var whole = closing(RawClient.connect(container.baseUri()));
        whole.send(Completions.request(Completions.WHOLE));
        upstream.take();
        upstream.take().written().awaitAtLeast(6, DeployedContract.SOON);
        ManagementFactory.getPlatformMBeanServer()
                .invoke(container.bean().name(), "drain", new Object[0], new String[0]);
        var late = RawClient.exchange(container.baseUri(), Completions.request(Completions.STREAM));
        Completions.refused(late, 503, "server_error", "overloaded");
        assertThat(late.fields().first("retry-after")).isPresent();
        Completions.brokenOff(stream.readBody(streamHead).text(), "half", "api_error");
        var answer = whole.readResponse();
        Completions.refused(answer, 503, "server_error", "overloaded");
        assertThat(answer.fields().first("retry-after")).isPresent();
        log.await(
                "dev.warder.access",
                line -> line.contains("status=200") && line.contains(" end=drained "),
                DeployedContract.SOON);
        log.await(
                "dev.warder.access",
                line -> line.contains("status=503") && line.contains(" end=drained "),
                DeployedContract.SOON);
    }

    @Test
    void endsStreamsWhenUndeployed() throws Exception {
        var container = deployed("stream.keepAlive", "0s");
        var stream = stream(container);
        var head = stream.readHead();
        assertThat(stream.readEvent().orElseThrow().data()).contains("\"role\"");
        container.undeploy();
        Completions.brokenOff(stream.readBody(head).text(), "half", "api_error");
        upstream.take().awaitPeerClosed(DeployedContract.SOON);
    }

    private Container deployed(String name, String value) throws Exception {
        return deploy(deployment().with("openai.models", Completions.ALIASES).with(name, value));
    }

    private RawClient stream(Container container) throws Exception {
        upstream.next(Script.heldEvents(NEVER, Messages.start() + Messages.delta("half")));
        return closing(RawClient.connect(container.baseUri())).send(Completions.request(Completions.STREAM));
    }
}
