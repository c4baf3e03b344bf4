package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gates that refuse, decide later, throw, and follow a request with a meter; {@link GateListener} adds them to the WAR.
 *
 * <p>Meters that add fields to a response, and that cut a request since a budget is spent, in each form of a request.
 */
class GateContract extends GatedContract {
    private static final String STREAMING = DeployedContract.STREAMING;
    private static final String STATUS = GateListener.STATUS_FIELD;
    private static final String WHOLE = "{\"model\":\"claude-x\"}";
    private static final String RAW = "/anthropic/v1/messages";

    /** Messages, as they are and on the raw route, completions and responses; each as a stream and whole. */
    private static final List<Form> FORMS = List.of(
            new Form("/v1/messages", STREAMING),
            new Form("/v1/messages", WHOLE),
            new Form(RAW, STREAMING),
            new Form(RAW, WHOLE),
            new Form(Completions.PATH, Completions.STREAM),
            new Form(Completions.PATH, Completions.WHOLE),
            new Form(Responses.PATH, Responses.STREAM),
            new Form(Responses.PATH, Responses.WHOLE));

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
        assertText(200, waiting.readResponse()).isEqualTo(events);
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
        var upload = authenticated("POST", "/v1/files");
        var waiting = waits(container, upload.field("X-Gate-Body", "later a").json(body));
        assertThat(upstream.requests()).isEmpty();
        decide(container, "X-Gate-Open", "a");
        assertStatus(200, waiting.readResponse());
        assertThat(upstream.take().text()).isEqualTo(body);
        released(container, "a");
    }

    @Test
    void refusesInBothDialects() throws Exception {
        var container = gated();
        for (var gate : List.of("X-Gate-Head", "X-Gate-Body")) {
            limited(exchange(container, message(STREAMING).field(gate, "refuse")));
            var chat = Completions.request(Completions.STREAM).field(gate, "refuse");
            Completions.refused(exchange(container, chat), 429, "requests", "rate_limit_exceeded");
            var waiting = waits(container, message(STREAMING).field(gate, "later a"));
            decide(container, "X-Gate-Deny", "a");
            limited(waiting.readResponse());
        }
        limited(exchange(container, authenticated("GET", "/v1/models").field("X-Gate-Body", "refuse")));
        assertThat(upstream.requests()).isEmpty();
        nothingIsLeft(container);
    }

    /** Tomcat asks for the body before the application is called. */
    @Test
    void asksNoClientForABodyThatIsRefusedAtOnce() throws Exception {
        var container = gated();
        try (var client = connect(container)) {
            client.send(authenticated("POST", "/v1/messages")
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
            overloaded(exchange(container, message(STREAMING).field(gate, "throw")));
            assertThat(log.lines("dev.warder.auth", Level.WARNING))
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
        overloaded(waits(container, message(STREAMING).field("X-Gate-Short", "later a"))
                .readResponse());
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
        waits(container, message(STREAMING).field("X-Gate-Body", "later a")).reset();
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
        upstream.next(json(200, Messages.message("one")));
        upstream.next((request, reply) -> reply.messageStream("one"));
        var meter = "meter a never";
        for (var request : List.of(
                message(STREAMING), message("{\"model\":\"claude-x\"}"), Completions.request(Completions.STREAM))) {
            log.clear();
            assertStatus(200, exchange(container, request.field("X-Gate-Body", meter)));
            gateEvent("end a ok");
            assertThat(gateEvents()).contains("try a", "usage a 3 5").doesNotHaveDuplicates();
        }
        nothingIsLeft(container);
    }

    @Test
    void aMeterCutsBeforeTheFirstTry() throws Exception {
        var container = gated();
        limited(exchange(container, message(STREAMING).field("X-Gate-Head", "meter a try")));
        gateEvent("end a refused");
        assertThat(upstream.requests()).isEmpty();
        nothingIsLeft(container);
    }

    @Test
    void aMeterCutsBeforeARetryWithAnotherCredential() throws Exception {
        var container = gatedWithTwoCredentials();
        upstream.script(json(529, Messages.error("overloaded_error", "busy")));
        limited(exchange(container, message(STREAMING).field("X-Gate-Body", "meter a retry")));
        gateEvent("end a refused");
        assertThat(upstream.requests()).hasSize(1);
        nothingIsLeft(container);
    }

    @ParameterizedTest
    @ValueSource(strings = {"usage", "tick"})
    void aMeterCutsAStreamWithOneErrorEvent(String where) throws Exception {
        var container = gated();
        upstream.script(Script.heldEvents(latch(), Messages.start() + Messages.delta("half")));
        var meter = "meter a " + where;
        var answer = exchange(container, message(STREAMING).field("X-Gate-Head", meter));
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
            Completions.brokenOff(exchange(container, chat).text(), "half", "rate_limit_exceeded");
        }
        gateEvent("end a refused");
        nothingIsLeft(container);
    }

    private record Form(String path, String json) {
        boolean streams() {
            return json.contains("\"stream\":true");
        }

        boolean isOpenAis() {
            return !path.endsWith("/messages");
        }

        /** Sends it with a meter that does this. */
        RawResponse ask(Container container, String what) throws Exception {
            var request = authenticated("POST", path).json(json);
            return exchange(container, request.field("X-Gate-Body", "meter a " + what));
        }
    }

    @Test
    void fieldsAreAddedOnceToEachSuccessfulResponseAndReplaceThoseOfTheUpstream() throws Exception {
        var container = gated();
        for (var form : FORMS) {
            log.clear();
            upstream.next((sent, reply) -> {
                reply.field(STATUS, "allowed").field("anthropic-ratelimit-unified-fallback", "available");
                if (form.streams()) {
                    reply.messageStream("one", "two");
                } else {
                    reply.json(200, Messages.message("one"));
                }
            });
            var response = assertStatus(200, form.ask(container, "fields"));
            hasFields(response);
            assertThat(response.fields().values("anthropic-ratelimit-unified-fallback"))
                    .containsExactly("available");
            gateEvent("end a ok");
            assertThat(gateEvents()).containsOnlyOnce("fields a");
        }
        nothingIsLeft(container);
    }

    @Test
    void fieldsAreNotAddedToErrors() throws Exception {
        var container = gated();
        for (var form : FORMS) {
            upstream.next((sent, reply) ->
                    reply.field(STATUS, "allowed").json(400, Messages.error("invalid_request_error", "wrong")));
            var response = assertStatus(400, form.ask(container, "fields"));
            assertThat(response.fields().values(STATUS)).containsExactly("allowed");
            assertThat(response.fields().has("x-meter")).isFalse();
        }
        var refused = message(STREAMING).field("X-Gate-Head", "meter a fields").field("X-Gate-Body", "refuse");
        assertThat(exchange(container, refused).fields().has("x-meter")).isFalse();
        nothingIsLeft(container);
    }

    @Test
    void fieldsAreAddedToTheResponseThatAnotherCredentialBrings() throws Exception {
        var container = gatedWithTwoCredentials();
        next(json(529, Messages.error("overloaded_error", "busy")), (request, reply) -> reply.messageStream("one"));
        log.clear();
        hasFields(exchange(container, message(STREAMING).field("X-Gate-Body", "meter a fields")));
        gateEvent("end a ok");
        assertThat(gateEvents()).containsOnlyOnce("fields a");
    }

    @Test
    void aSpentBudgetRefusesBeforeTheTryInEachDialect() throws Exception {
        var container = gated();
        for (var form : FORMS) {
            log.clear();
            var response = form.ask(container, "spent-try");
            if (form.isOpenAis()) {
                Completions.refused(response, 429, "insufficient_quota", "insufficient_quota");
            } else {
                Answers.refused(response, 429, "billing_error");
            }
            assertThat(response.fields().values("x-should-retry")).containsExactly("false");
            gateEvent("end a budget");
        }
        assertThat(upstream.requests()).isEmpty();
        nothingIsLeft(container);
    }

    @Test
    void aSpentBudgetCutsAStreamByOneErrorInEachDialect() throws Exception {
        var container = gated();
        upstream.script(Script.heldEvents(latch(), Messages.start() + Messages.delta("half")));
        for (var form : FORMS) {
            if (form.streams()) {
                log.clear();
                isCut(
                        form,
                        assertStatus(200, form.ask(container, "spent-usage")).text());
                gateEvent("end a budget");
                log.await("dev.warder.access", line -> line.contains(" end=budget "), SOON);
            }
        }
        nothingIsLeft(container);
    }

    private static void isCut(Form form, String body) {
        if (form.path().equals(Responses.PATH)) {
            Responses.brokenOff(body, "half", "insufficient_quota");
        } else if (form.isOpenAis()) {
            Completions.brokenOff(body, "half", "insufficient_quota");
        } else {
            var events = DispatchedEvent.of(utf8(body));
            assertThat(events)
                    .extracting(DispatchedEvent::name)
                    .endsWith("error")
                    .containsOnlyOnce("error");
            assertThat(events.get(events.size() - 1).errorType()).isEqualTo("billing_error");
        }
    }

    private static void hasFields(RawResponse response) {
        assertThat(response.fields().values(STATUS)).containsExactly("allowed_warning");
        assertThat(response.fields().values("x-meter")).containsExactly("a");
    }
}
