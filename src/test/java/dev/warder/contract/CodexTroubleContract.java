package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real Codex CLI ends or repeats a request as the error requires, and closes the upstream request when it ends. */
class CodexTroubleContract extends CodexGround {
    @Test
    void repeatsARequestWhoseStreamWasCut() throws Exception {
        upstream.next(lostStream());
        upstream.next(DONE.streamed());
        assertDone(codex(UNKNOWN, "Begin."));
        var cut = sent();
        assertThat(sent().json()).isEqualTo(cut.json());
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void waitsAsLongAsARateLimitSays() throws Exception {
        upstream.next((request, reply) ->
                reply.field("retry-after", "2").json(429, Messages.error("rate_limit_error", "slowly")));
        upstream.next(DONE.streamed());
        long begun = System.nanoTime();
        assertDone(codex(UNKNOWN, "Begin."));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(2));
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void triesOnceWhenTheBudgetIsSpent() throws Exception {
        upstream.script(error(402, "billing_error", "The credit balance is spent."));
        assertFailed(codex(UNKNOWN, "Begin."), "Quota exceeded.");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void triesOnceWhenTheBudgetEndsInMidStream() throws Exception {
        upstream.script(Script.events(
                Messages.start() + Messages.delta("Good "),
                Messages.event("error", Messages.error("billing_error", "The credit balance is spent."))));
        assertFailed(codex(UNKNOWN, "Begin."), "Quota exceeded.");
        assertThat(upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, The request is malformed., The request is malformed.",
        "400, invalid_request_error, prompt is too long: 9 tokens > 8 maximum, ran out of room",
        "404, not_found_error, model: claude-sonnet-5-5, claude-sonnet-5-5"
    })
    void triesOnceWhenARepeatedRequestWouldFailToo(int status, String type, String message, String shown)
            throws Exception {
        upstream.script(error(status, type, message));
        assertFailed(codex(UNKNOWN, "Begin."), shown);
        assertThat(upstream.requests()).hasSize(1);
    }

    /** Codex shows the text so far and does not repeat the request. */
    @Test
    void endsWhenTheModelReachedItsMaximum() throws Exception {
        upstream.script(new ApiMessage("max_tokens", List.of(ApiBlock.text("Half a word"))).streamed());
        assertFailed(codex(UNKNOWN, "Begin."), "max_output_tokens");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void showsTheReasonWhenTheAccessTokenIsWrong() throws Exception {
        var wrong = "wrong-" + "access1".repeat(4);
        assertFailed(start(wrong, UNKNOWN, "Begin.").await(LIMIT), "401 Unauthorized");
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {UNKNOWN, WITH_PATCHES, WITH_SCRIPTS})
    void closesTheUpstreamWhenItEnds(String model) throws Exception {
        upstream.script(endlessStream());
        var process = start(Contract.ACCESS_TOKEN, model, "Begin.");
        var request = upstream.take();
        request.written().awaitAtLeast(1000, LIMIT);
        process.kill();
        request.awaitPeerClosed(SOON);
    }
}
