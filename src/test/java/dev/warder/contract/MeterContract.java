package dev.warder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Meters that add fields to a response, and that cut a request since a budget is spent, in each form of a request. */
class MeterContract extends GatedContract {
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

    private record Form(String path, String json) {
        boolean streams() {
            return json.contains("\"stream\":true");
        }

        boolean isOpenAis() {
            return !path.endsWith("/messages");
        }

        /** Sends it with a meter that does this. */
        RawResponse ask(Container container, String what) throws Exception {
            var request = DeployedContract.authenticated("POST", path).json(json);
            return RawClient.exchange(container.baseUri(), request.field("X-Gate-Body", "meter a " + what));
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
            var response = form.ask(container, "fields");
            assertThat(response.status()).as("%s", response).isEqualTo(200);
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
            var response = form.ask(container, "fields");
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.fields().values(STATUS)).containsExactly("allowed");
            assertThat(response.fields().has("x-meter")).isFalse();
        }
        var refused = message(STREAMING).field("X-Gate-Head", "meter a fields").field("X-Gate-Body", "refuse");
        assertThat(RawClient.exchange(container.baseUri(), refused).fields().has("x-meter"))
                .isFalse();
        nothingIsLeft(container);
    }

    @Test
    void fieldsAreAddedToTheResponseThatAnotherCredentialBrings() throws Exception {
        var container = gatedWithTwoCredentials();
        upstream.next((request, reply) -> reply.json(529, Messages.error("overloaded_error", "busy")));
        upstream.next((request, reply) -> reply.messageStream("one"));
        log.clear();
        hasFields(RawClient.exchange(container.baseUri(), message(STREAMING).field("X-Gate-Body", "meter a fields")));
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
        var never = new CountDownLatch(1);
        upstream.script(Script.heldEvents(never, Messages.start() + Messages.delta("half")));
        for (var form : FORMS) {
            if (form.streams()) {
                log.clear();
                var response = form.ask(container, "spent-usage");
                assertThat(response.status()).as("%s", response).isEqualTo(200);
                isCut(form, response.text());
                gateEvent("end a budget");
                log.await("dev.warder.access", line -> line.contains(" end=budget "), DeployedContract.SOON);
            }
        }
        never.countDown();
        nothingIsLeft(container);
    }

    private static void isCut(Form form, String body) {
        if (form.path().equals(Responses.PATH)) {
            Responses.brokenOff(body, "half", "insufficient_quota");
        } else if (form.isOpenAis()) {
            Completions.brokenOff(body, "half", "insufficient_quota");
        } else {
            var events = DispatchedEvent.of(body.getBytes(UTF_8));
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
