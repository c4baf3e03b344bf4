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
    })
    void knowsThePathsThatTakeOnlyACallersOwnCredential(String path, boolean own) {
        assertThat(call(path).takesOwnCredentialOnly()).isEqualTo(own);
    }

    @Test
    void anAmbiguousTargetLeadsNowhere() {
        var call = Call.ambiguous("id", "POST", "/v1/messages;x", () -> 0);
        assertThat(call.target().path()).isEqualTo("/");
        assertThat(call.route()).isEqualTo(Route.NONE);
        assertThat(call.dialect()).isEqualTo(Dialect.ANTHROPIC);
    }

    @Test
    void anAmbiguousTargetIsAnsweredInTheDialectOfItsBeginning() {
        assertThat(Call.ambiguous("id", "POST", "/openai/v1//chat", () -> 0).dialect())
                .isEqualTo(Dialect.OPENAI);
    }

    @Test
    void anAmbiguousTargetIsNeverServed() {
        assertThat(Call.ambiguous("id", "GET", "/health;x", () -> 0).route().isServed())
                .isFalse();
        assertThat(Call.ambiguous("id", "GET", "/openai/v1//chat", () -> 0)
                        .route()
                        .isServed())
                .isFalse();
    }

    private static Call call(String path) {
        return Call.of("id", "GET", new RequestTarget(path, Optional.empty()), Route.of(path), () -> 0);
    }
}
