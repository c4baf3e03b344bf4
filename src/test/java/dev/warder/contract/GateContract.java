package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.LogLine;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gates that refuse, decide later, throw, and follow a request with a meter; {@link GateListener} adds them to the WAR. */
class GateContract extends GatedContract {
    private static final String STREAMING = DeployedContract.STREAMING;

    @ParameterizedTest
    @ValueSource(strings = {"X-Gate-Head", "X-Gate-Body"})
    void aRequestThatIsGrantedLaterGoesUpWhole(String gate) throws Exception {
        var container = gated();
        var events = String.join("", Messages.stream("one", "two"));
        upstream.next((request, reply) -> reply.messageStream("one", "two"));
        var waiting = waits(container, message(STREAMING).field(gate, "later a"));
        boolean body = gate.endsWith("Body");
        assertThat(gateEvents()).containsExactly(body ? "waiting a shared claude-x true" : "waiting a shared - false");
        assertThat(number(container, "CollectedBytes") > 0).isEqualTo(body);
        assertThat(upstream.requests()).isEmpty();
        decide(container, "X-Gate-Open", "a");
        var answer = waiting.readResponse();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(events);
        assertThat(upstream.take().text()).isEqualTo(STREAMING);
        released(container, "a");
    }

    @Test
    void aBodyThatIsRelayedWaitsUnread() throws Exception {
        var container = gated();
        var body = "x".repeat(300_000);
        upstream.next((request, reply) -> {
            reply.readBody();
            reply.json(200, "{}");
        });
        var upload = RawRequest.of("POST", "/v1/files").field("x-api-key", ACCESS_TOKEN);
        var waiting = waits(container, upload.field("X-Gate-Body", "later a").json(body));
        assertThat(upstream.requests()).isEmpty();
        decide(container, "X-Gate-Open", "a");
        assertThat(waiting.readResponse().status()).isEqualTo(200);
        assertThat(upstream.take().text()).isEqualTo(body);
        released(container, "a");
    }

    @Test
    void refusesInBothDialects() throws Exception {
        var container = gated();
        for (var gate : List.of("X-Gate-Head", "X-Gate-Body")) {
            limited(RawClient.exchange(container.baseUri(), message(STREAMING).field(gate, "refuse")));
            var chat = Completions.request(Completions.STREAM).field(gate, "refuse");
            Completions.refused(RawClient.exchange(container.baseUri(), chat), 429, "requests", "rate_limit_exceeded");
            var waiting = waits(container, message(STREAMING).field(gate, "later a"));
            decide(container, "X-Gate-Deny", "a");
            limited(waiting.readResponse());
        }
        limited(RawClient.exchange(
                container.baseUri(),
                DeployedContract.authenticated("GET", "/v1/models").field("X-Gate-Body", "refuse")));
        assertThat(upstream.requests()).isEmpty();
        nothingIsLeft(container);
    }

    /** Tomcat asks for the body before the application is called. */
    @Test
    void asksNoClientForABodyThatIsRefusedAtOnce() throws Exception {
        var container = gated();
        try (var client = RawClient.connect(container.baseUri())) {
            client.send(RawRequest.of("POST", "/v1/messages")
                    .field("x-api-key", ACCESS_TOKEN)
                    .field("X-Gate-Head", "refuse")
                    .field("Expect", "100-continue")
                    .field("Content-Length", "1000")
                    .head());
            var head = client.readInterimOrHead();
            if (container.name().contains("Tomcat")) {
                assertThat(head.status()).isEqualTo(100);
                head = client.readInterimOrHead();
            }
            limited(client.readBody(head));
        }
        nothingIsLeft(container);
    }

    @Test
    void aGateThatThrowsRefusesAndIsLoggedOnce() throws Exception {
        var container = gated();
        for (var gate : List.of("X-Gate-Head", "X-Gate-Body")) {
            log.clear();
            overloaded(
                    RawClient.exchange(container.baseUri(), message(STREAMING).field(gate, "throw")));
            assertThat(log.lines("dev.warder.gate", Level.WARNING))
                    .singleElement()
                    .extracting(LogLine::text)
                    .asString()
                    .contains("Chosen", "IllegalStateException")
                    .doesNotContain("a fault of the test");
        }
        nothingIsLeft(container);
    }

    @Test
    void aWaitHasALimitAndALateGrantIsReleasedAtOnce() throws Exception {
        var container = gated();
        var waiting = waits(container, message(STREAMING).field("X-Gate-Short", "later a"));
        overloaded(waiting.readResponse());
        gateEvent("withdrawn a");
        decide(container, "X-Gate-Open", "a");
        gateEvent("released a");
        nothingIsLeft(container);
        assertThat(upstream.requests()).isEmpty();
    }

    /** No server reports that before the next write: the grant goes up, and is released when the write fails. */
    @Test
    void aClientThatLeavesWhileItWaitsKeepsNothing() throws Exception {
        var container = gated();
        upstream.next((request, reply) -> reply.floodEvents(64 << 20));
        var leaving = waits(container, message(STREAMING).field("X-Gate-Body", "later a"));
        leaving.reset();
        decide(container, "X-Gate-Open", "a");
        released(container, "a");
    }

    @Test
    void aDrainRefusesWhatWaits() throws Exception {
        var container = gated(translating());
        var head = waits(container, message(STREAMING).field("X-Gate-Head", "later a"));
        var body = waits(container, message(STREAMING).field("X-Gate-Body", "later b"));
        ManagementFactory.getPlatformMBeanServer()
                .invoke(container.bean().name(), "drain", new Object[0], new String[0]);
        for (var client : List.of(head, body)) {
            overloaded(client.readResponse());
        }
        gateEvent("withdrawn a");
        gateEvent("withdrawn b");
        nothingIsLeft(container);
    }

    @Test
    void anUndeploymentRefusesWhatWaits() throws Exception {
        var container = gated(translating());
        var head = waits(container, message(STREAMING).field("X-Gate-Head", "later a"));
        var body = waits(container, message(STREAMING).field("X-Gate-Body", "later b"));
        container.undeploy();
        for (var client : List.of(head, body)) {
            overloaded(client.readResponse());
        }
        gateEvent("withdrawn a");
        gateEvent("withdrawn b");
    }

    @Test
    void aMeterFollowsTheRequestAndSeesItsUsage() throws Exception {
        var container = gated();
        upstream.next((request, reply) -> reply.messageStream("one"));
        upstream.next((request, reply) -> reply.json(200, Messages.message("one")));
        upstream.next((request, reply) -> reply.messageStream("one"));
        var meter = "meter a never";
        for (var request : List.of(
                message(STREAMING), message("{\"model\":\"claude-x\"}"), Completions.request(Completions.STREAM))) {
            log.clear();
            var answer = RawClient.exchange(container.baseUri(), request.field("X-Gate-Body", meter));
            assertThat(answer.status()).isEqualTo(200);
            gateEvent("end a ok");
            assertThat(gateEvents()).contains("try a", "usage a 3 5").doesNotHaveDuplicates();
        }
        nothingIsLeft(container);
    }

    @Test
    void aMeterCutsBeforeTheFirstTry() throws Exception {
        var container = gated();
        limited(RawClient.exchange(container.baseUri(), message(STREAMING).field("X-Gate-Head", "meter a try")));
        gateEvent("end a refused");
        assertThat(upstream.requests()).isEmpty();
        nothingIsLeft(container);
    }

    @Test
    void aMeterCutsBeforeARetryWithAnotherCredential() throws Exception {
        var container = gatedWithTwoCredentials();
        upstream.script((request, reply) -> reply.json(529, Messages.error("overloaded_error", "busy")));
        limited(RawClient.exchange(container.baseUri(), message(STREAMING).field("X-Gate-Body", "meter a retry")));
        gateEvent("end a refused");
        assertThat(upstream.requests()).hasSize(1);
        nothingIsLeft(container);
    }

    @ParameterizedTest
    @ValueSource(strings = {"usage", "tick"})
    void aMeterCutsAStreamWithOneErrorEvent(String where) throws Exception {
        var container = gated();
        var never = new CountDownLatch(1);
        upstream.script(Script.heldEvents(never, Messages.start() + Messages.delta("half")));
        var meter = "meter a " + where;
        var answer = RawClient.exchange(container.baseUri(), message(STREAMING).field("X-Gate-Head", meter));
        if (answer.status() == 200) {
            var events = DispatchedEvent.of(answer.body());
            assertThat(events)
                    .extracting(DispatchedEvent::name)
                    .endsWith("error")
                    .containsOnlyOnce("error");
            assertThat(events.get(events.size() - 1).errorType()).isEqualTo("rate_limit_error");
        } else {
            // The tick came before the head.
            limited(answer);
        }
        if (where.equals("usage")) {
            assertThat(answer.status()).isEqualTo(200);
            var chat = Completions.request(Completions.STREAM).field("X-Gate-Head", meter);
            Completions.brokenOff(RawClient.exchange(container.baseUri(), chat).text(), "half", "rate_limit_exceeded");
        }
        gateEvent("end a refused");
        never.countDown();
        nothingIsLeft(container);
    }
}
