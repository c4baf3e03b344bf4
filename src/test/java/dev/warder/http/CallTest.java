package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Call.ManagedAccess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls, and errors in the words of the caller's dialect. */
class CallTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/oauth/token,                     true",
        "/v1/organizations,                   true",
        "/api/oauth/profile,                  true",
        "/anthropic/v1/oauth/token,           true",
        "/anthropic/v1/organizations/me,      true",
        "/anthropic/api/oauth/profile,        true",
        "/anthropic/v1/v1/oauth/token,        true",
        "/anthropic/v1/messages,              false",
        "/anthropic,                          false",
        "/v1/messages,                        false",
        "/v1/models,                          false",
        "/anthropic/anthropic/v1/organizations, true",
        "/anthropic/anthropic/anthropic/v1/v1/oauth/token, true",
        "/anthropic/anthropics/v1/organizations, false",
    })
    void knowsThePathsThatTakeOnlyACallersOwnCredential(String path, boolean own) {
        assertThat(call("GET", path).managedAccess() == ManagedAccess.NEVER).isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/messages,                     SHARED",
        "GET, /v1/messages,                      WORKSPACE",
        "POST, /v1/chat/completions,             SHARED",
        "GET, /openai/v1/models/a/b,             SHARED",
        "GET, /v1/models/a/b,                    WORKSPACE",
        "POST, /v1/models,                       WORKSPACE",
        "POST, /anthropic/v1/messages,           SHARED",
        "POST, /anthropic/anthropic/v1/messages, WORKSPACE",
        "POST, /anthropic/v1/v1/messages,        WORKSPACE",
        "GET, /anthropic/v1/models/a,            SHARED",
        "GET, /anthropic/v1/models/a/b,          WORKSPACE",
        "PUT, /anthropic/v1/models/a,            WORKSPACE",
        "GET, /anthropic,                        WORKSPACE",
        "GET, /v1/files,                         WORKSPACE",
    })
    void knowsWhatNeedsTheWorkspace(String method, String path, ManagedAccess access) {
        assertThat(call(method, path).managedAccess()).isEqualTo(access);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/messages,                     /v1/messages",
        "/anthropic/v1/messages,           /anthropic/v1/messages",
        "/anthropic,                       /anthropic",
        "/anthropic/v1/metrics,            /v1/metrics",
        "/anthropic/anthropic/v1/v1/logs,  /v1/logs",
        "/v1/traces,                       /v1/traces",
        "/anthropics/v1/metrics,           /anthropics/v1/metrics",
        "/anthropic/api/hello,             /anthropic/api/hello",
    })
    void decidesByTheCanonicalPathOrThatOfTelemetry(String path, String asked) {
        assertThat(call("POST", path).askedPath()).isEqualTo(asked);
    }

    @Test
    void anAmbiguousTargetLeadsNowhere() {
        var call = Call.ambiguous("id", "POST", "/v1/messages;x");
        assertThat(call.target().path()).isEqualTo("/");
        assertThat(call.route()).isEqualTo(Route.NONE);
        assertThat(call.dialect()).isEqualTo(Dialect.ANTHROPIC);
    }

    @Test
    void anAmbiguousTargetIsAnsweredInTheDialectOfItsBeginning() {
        assertThat(Call.ambiguous("id", "POST", "/openai/v1//chat").dialect()).isEqualTo(Dialect.OPENAI);
    }

    @Test
    void anAmbiguousTargetIsNeverServed() {
        assertThat(Call.ambiguous("id", "GET", "/health;x").route().isServed()).isFalse();
        assertThat(Call.ambiguous("id", "GET", "/openai/v1//chat").route().isServed())
                .isFalse();
    }

    private static Call call(String method, String path) {
        return new Call("id", method, new RequestTarget(path, Optional.empty()), Route.of(path));
    }

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
