package dev.warder.openai.responses;

import static dev.warder.openai.Talk.beginText;
import static dev.warder.openai.Talk.beginTool;
import static dev.warder.openai.Talk.event;
import static dev.warder.openai.Talk.input;
import static dev.warder.openai.Talk.object;
import static dev.warder.openai.Talk.start;
import static dev.warder.openai.Talk.stop;
import static dev.warder.openai.Talk.text;
import static dev.warder.openai.Talk.thinking;
import static dev.warder.openai.responses.Items.FULL;
import static dev.warder.openai.responses.Items.PLAIN;
import static dev.warder.openai.responses.Items.fed;
import static dev.warder.openai.responses.Items.search;
import static dev.warder.openai.responses.Items.searchUse;
import static dev.warder.openai.responses.Items.signature;
import static dev.warder.openai.responses.Items.thinkingBlock;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses that end with an error, at each of their events. */
class ItemFailureTest {
    private static final List<String> EVENTS = List.of(
            start(),
            thinkingBlock(0),
            thinking(0, "Hm"),
            signature(0, "c2ln"),
            stop(0),
            beginText(1),
            text(1, "Hi"),
            stop(1),
            beginTool(2, "t1", "look"),
            input(2, "{\"a"),
            stop(2),
            beginTool(3, "t2", "grammar"),
            input(3, "{\"input\":\"x"),
            stop(3),
            beginTool(4, "t3", "patch"),
            input(4, "{\"path"),
            stop(4),
            searchUse(5, "s", "q"),
            search(7, "s2", "q"),
            event("message_delta", "\"delta\":{\"stop_reason\":\"tool_use\"}"));

    @Test
    void failsAfterEachEventWithTheOutputSoFar() {
        String error = event("error", "\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}");
        for (int count = 0; count <= EVENTS.size(); count++) {
            String before = String.join("", EVENTS.subList(0, count));
            var cut = failed(before);
            assertThat(failed(before + error).output()).as(before).isEqualTo(cut.output());
            assertThat(failed(before + "data: {\"type\"\n\n").output()).isEqualTo(cut.output());
            assertThat(failed(before + text(9, "x".repeat(Items.LIMIT))).output())
                    .isEqualTo(cut.output());
            var own = Items.stream(FULL);
            var out = new ByteArrayOutputStream();
            out.writeBytes(fed(own, before));
            out.writeBytes(own.failure(ErrorReply.timeout("Too slow.")).orElseThrow());
            assertThat(ItemFrames.of(out.toByteArray()).output()).isEqualTo(cut.output());
            assertThat(own.failed()).isTrue();
            assertThat(own.end()).isEmpty();
        }
    }

    private static ItemFrames failed(String events) {
        var frames = Items.frames(FULL, events);
        assertThat(frames.types().get(0)).isEqualTo("created");
        assertThat(frames.last().getString("type")).isEqualTo("response.failed");
        assertThat(frames.response().getString("status")).isEqualTo("failed");
        assertThat(frames.response().getJsonObject("error").getString("code")).isEqualTo("server_error");
        return frames;
    }

    @Test
    void marksWhatDidNotEndAsIncompleteAndSealsNoThinkingWithoutItsSignature() {
        var output = failed(String.join("", EVENTS.subList(0, 3))).output();
        assertThat(output).hasSize(1);
        assertThat(output.get(0).containsKey("encrypted_content")).isFalse();
        assertThat(ItemFrames.texts(output, "reasoning", "summary", "text")).containsExactly("Hm");
        var call = failed(String.join("", EVENTS.subList(0, 10))).output().get(2);
        assertThat(call.getString("arguments")).isEqualTo("{\"a");
        assertThat(call.getString("status")).isEqualTo("incomplete");
    }

    @ParameterizedTest
    @CsvSource({
        "billing_error, insufficient_quota",
        "overloaded_error, server_error",
        "api_error, server_error",
        "authentication_error, server_error",
        "something_new, server_error",
        "invalid_request_error, invalid_prompt"
    })
    void reportsAnErrorByTheCodesThatClientsActUpon(String type, String code) {
        var frames = Items.frames(
                PLAIN, start() + event("error", "\"error\":{\"type\":\"" + type + "\",\"message\":\"Why.\"}"));
        assertThat(frames.response().getJsonObject("error"))
                .isEqualTo(object("{\"code\":\"" + code + "\",\"message\":\"Why.\"}"));
        assertThat(frames.response().get("usage")).isEqualTo(JsonValue.NULL);
    }

    /** Codex tries again only after a time that it reads. */
    @Test
    void advisesATimeAfterARateLimitInTheStream() {
        String limited = event("error", "\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Why.\"}");
        assertThat(Items.frames(PLAIN, start() + limited).response().getJsonObject("error"))
                .isEqualTo(object(
                        "{\"code\":\"rate_limit_exceeded\"," + "\"message\":\"Why. Please try again in 10s.\"}"));
        var reply = new ErrorReply(429, ErrorType.RATE_LIMIT, "Why.", List.of());
        assertThat(error(reply)).isEqualTo("rate_limit_exceeded: Why. Please try again in 10s.");
    }

    @Test
    void adviseWhenToTryAgain() {
        assertThat(error(ErrorReply.rateLimited("The limit is exceeded.", 7)))
                .isEqualTo("rate_limit_exceeded: The limit is exceeded. Please try again in 7s.");
        assertThat(error(new ErrorReply(429, ErrorType.BILLING, "The budget is spent.", List.of())))
                .isEqualTo("insufficient_quota: The budget is spent.");
        assertThat(error(ErrorReply.overloaded("Busy.", 5))).isEqualTo("server_error: Busy. Please try again in 5s.");
    }

    private static String error(ErrorReply reply) {
        var frames = ItemFrames.of(Items.stream(PLAIN).failure(reply).orElseThrow());
        assertThat(frames.types()).containsExactly("created", "failed");
        assertThat(frames.response().getString("id")).isEqualTo("resp_given");
        var error = frames.response().getJsonObject("error");
        return error.getString("code") + ": " + error.getString("message");
    }
}
