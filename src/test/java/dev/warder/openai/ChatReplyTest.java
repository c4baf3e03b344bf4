package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Field;
import dev.warder.openai.chat.ChatContext;
import dev.warder.openai.chat.ChatFrames;
import dev.warder.openai.chat.Talk;
import dev.warder.stream.ResponseTranslation.Whole;
import dev.warder.testkit.Messages;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatReplyTest {
    private static final ChatContext WHOLE =
            new ChatContext("gpt", "claude-test", false, false, true, Optional.empty(), false, Set.of());

    @Test
    void s14TellsAWholeMessageAsAStreamWhereOneWasAskedFor() {
        var told = told(Talk.PLAIN, 200, Messages.message("Hi"));
        assertThat(told.contentType()).isEqualTo("text/event-stream; charset=utf-8");
        var frames = ChatFrames.of(told.body());
        assertThat(frames.joined("content")).isEqualTo("Hi");
        assertThat(frames.done()).isTrue();
    }

    @Test
    void s14CannotUseAStreamWhereNoneWasAskedFor() {
        assertThat(reply(WHOLE).stream()).isEmpty();
        var whole = whole(WHOLE, 200, String.join("", Messages.stream("Hi")));
        assertThat(whole).isInstanceOf(Whole.Unusable.class);
        assertThat(((Whole.Unusable) whole).reply().status()).isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 403, 404, 413, 429, 500, 529})
    void s13TellsAnErrorAsJsonWhateverWasAskedFor(int status) {
        for (ChatContext context : List.of(WHOLE, Talk.PLAIN)) {
            var told = told(context, status, Messages.error("invalid_request_error", "No."));
            assertThat(told.contentType()).isEqualTo("application/json");
            assertThat(Talk.object(text(told.body())).getJsonObject("error").getString("message"))
                    .isEqualTo("No.");
        }
    }

    @ParameterizedTest
    @CsvSource({"overloaded_error, 503", "rate_limit_error, 429", "api_error, 500", "invalid_request_error, 400"})
    void givesAnErrorUnderAStatusOfSuccessTheStatusOfItsType(String type, int status) {
        for (ChatContext context : List.of(WHOLE, Talk.PLAIN)) {
            var told = told(context, 200, Messages.error(type, "Oh."));
            assertThat(told.status()).isEqualTo(status);
            assertThat(text(told.body())).contains("\"message\":\"Oh.\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "{}", "null", "{\"type\":\"message\"}", "{\"error\":\"x\"}"})
    void cannotUseWhatIsNoMessage(String body) {
        for (ChatContext context : List.of(WHOLE, Talk.PLAIN)) {
            assertThat(whole(context, 200, body)).isInstanceOf(Whole.Unusable.class);
        }
    }

    @Test
    void namesWhatWasIgnoredBesideTheLimits() {
        var reply = new ChatReply(WHOLE, new TreeSet<>(List.of("seed", "logit_bias")), exchange());
        assertThat(reply.fields(name -> name.equals("request-id") ? Optional.of("req_1") : Optional.empty()))
                .containsExactly(new Field("x-request-id", "req_1"), new Field("X-Warder-Ignored", "logit_bias, seed"));
    }

    private static Whole.Translated told(ChatContext context, int status, String body) {
        var whole = whole(context, status, body);
        assertThat(whole).isInstanceOf(Whole.Translated.class);
        return (Whole.Translated) whole;
    }

    private static Whole whole(ChatContext context, int status, String body) {
        return reply(context).whole(status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static ChatReply reply(ChatContext context) {
        return new ChatReply(context, new TreeSet<>(), exchange());
    }

    private static ReplyContext exchange() {
        return new ReplyContext("req_wrd_x", InstantSource.fixed(Instant.EPOCH), 10_000);
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
