package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DialectTest {
    /** The words that the official clients look for. */
    @Test
    void tellsOpenAiInItsOwnWords() {
        assertThat(text(Dialect.OPENAI, ErrorReply.invalidRequest("No.", Optional.of("messages[0]"))))
                .endsWith("\"type\":\"invalid_request_error\",\"param\":\"messages[0]\",\"code\":null}}");
        assertThat(text(Dialect.OPENAI, ErrorReply.modelNotFound("No.")))
                .endsWith("\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_found\"}}");
        assertThat(text(Dialect.OPENAI, ErrorReply.rateLimited("No.", 3)))
                .endsWith("\"type\":\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}");
        assertThat(text(Dialect.OPENAI, new ErrorReply(429, ErrorType.BILLING, "No.", List.of())))
                .endsWith("\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"}}");
        assertThat(text(Dialect.OPENAI, ErrorReply.overloaded("No.", 3)))
                .endsWith("\"type\":\"server_error\",\"param\":null,\"code\":\"overloaded\"}}");
        assertThat(text(Dialect.OPENAI, ErrorReply.timeout("No.")))
                .endsWith("\"type\":\"server_error\",\"param\":null,\"code\":\"timeout_error\"}}");
    }

    @Test
    void isOneLineWhateverTheMessageHolds() {
        var reply = ErrorReply.invalidRequest("a\r\nevent: x\u2028\"\\");
        for (var dialect : Dialect.values()) {
            assertThat(text(dialect, reply)).doesNotContain("\n", "\r").contains("a\\r\\nevent");
        }
    }

    @Test
    void marksAnswersThatARetryCannotChange() {
        assertThat(names(ErrorReply.challenge("x"))).containsExactly("x-should-retry", "WWW-Authenticate");
        assertThat(names(ErrorReply.unauthenticated("x"))).containsExactly("x-should-retry");
        assertThat(names(ErrorReply.notConfigured("x"))).containsExactly("x-should-retry");
        assertThat(names(ErrorReply.overloaded("x", 5))).containsExactly("retry-after");
        assertThat(names(ErrorReply.badGateway("x").withoutRetry())).containsExactly("x-should-retry");
    }

    private static List<String> names(ErrorReply reply) {
        return reply.fields().stream().map(Field::name).toList();
    }

    private static String text(Dialect dialect, ErrorReply reply) {
        return new String(dialect.body(reply, "req_1"), StandardCharsets.UTF_8);
    }
}
