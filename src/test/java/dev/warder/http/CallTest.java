package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
