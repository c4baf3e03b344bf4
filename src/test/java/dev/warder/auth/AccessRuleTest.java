package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelPattern;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRuleTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/messages, /v1/messages, true",
        "/v1/messages, /anthropic/v1/messages, false",
        "/v1/messages, /anthropic/anthropic/v1/messages, false",
        "/v1/messages, /anthropic/v1/v1/messages, false",
        "/v1/messages, /v1/messages/count_tokens, false",
        "/v1/messages, /anthropic/v1/messages/, false",
        "/v1/messages, /v1/messagess, false",
        "/v1/messages, /v1/Messages, false",
        "/v1/messages*, /v1/messages/batches/b/results, true",
        "/v1/messages*, /anthropic/v1/messages/batches, false",
        "/v1/*, /anthropic/v1/messages, false",
        "/anthropic/v1/messages*, /anthropic/v1/messages/batches, true",
        "/v1/messages*, /v1/files, false",
        "/v1/messages/*, /v1/messages, false",
        "/v1/messages/*, /v1/messages/count_tokens, true",
        "/anthropic*, /anthropic/v1/files, true",
        "/anthropic*, /v1/files, false",
        "/anthropic/v1/messages, /v1/messages, false",
        "/anthropic/v1/messages, /anthropic/v1/messages, true",
        "/anthropic/v1/files*, /anthropic/anthropic/v1/files, false",
        "/openai/v1/models*, /openai/v1/models/x, true",
        "/v1/models*, /openai/v1/models, false",
        "/v1/metrics, /v1/metrics, true",
        "/v1/metrics, /anthropic/v1/metrics, true",
        "/v1/metrics, /anthropic/v1/logs, false",
        "/anthropic*, /anthropic/v1/metrics, true",
        "/anthropic*, /v1/metrics, false",
        "/v1/messages, /v1/metrics, false",
        "/v1/messages, /anthropic/v1/metrics, false"
    })
    void permitsThePathsOfTheEntry(String pattern, String path, boolean permitted) throws Exception {
        var refusal = refusal("'paths': ['" + pattern + "']", path);
        assertThat(refusal.isEmpty()).isEqualTo(permitted);
        refusal.ifPresent(reply -> assertForbidden(reply, "The client ada may not use this path."));
    }

    private static Optional<ErrorReply> refusal(String members, String path) throws Exception {
        return AccessRule.refusal(call(path), Client.SHARED.with(Entries.of(members)));
    }

    private static Call call(String path) {
        return new Call("id", "POST", new RequestTarget(path, Optional.empty()), Route.of(path));
    }

    private static void assertForbidden(ErrorReply reply, String message) {
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.type()).isEqualTo(ErrorType.PERMISSION);
        assertThat(reply.message()).isEqualTo(message);
        assertThat(reply.fields()).anyMatch(field -> field.name().equals("x-should-retry"));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/messages, true",
        "/v1/messages/count_tokens, true",
        "/v1/chat/completions, true",
        "/v1/models, true",
        "/openai/v1/models/gpt, true",
        "/v1/metrics, true",
        "/v1/messages/batches, false",
        "/v1/files, false",
        "/v1/skills, false",
        "/anthropic/v1/messages, false",
        "/anthropic/v1/models, false",
        "/v1/organizations/me, false"
    })
    void refusesAClientThatIsLimitedToModelsWhereNoneCanBeChecked(String path, boolean permitted) throws Exception {
        assertThat(refusal("'models': ['claude-haiku*']", path).isEmpty()).isEqualTo(permitted);
        assertThat(refusal("'models': ['*']", path)).isEmpty();
        assertThat(refusal("", path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false, The access token named ci", "true, The client certificate of ci"})
    void namesWhatTheCallerWasAdmittedBy(boolean certified, String caller) {
        var client = new Client("ci", Set.of(), List.of(), Optional.empty(), Optional.empty(), certified);
        assertForbidden(
                AccessRule.notInPolicy(client),
                caller + " belongs to no client of this gateway's policy. Ask the operator of the gateway.");
        assertForbidden(client.refusalWithout(Right.WEB), caller + " does not have the right web.");
    }

    @Nested
    class ClientTest {
        @Test
        void sharedAndOpenHaveAllRightsButWebSearchAndAdministration() {
            var expected = EnumSet.complementOf(EnumSet.of(Right.ADMIN_READ, Right.ADMIN_WRITE));
            for (var right : Right.values()) {
                assertThat(Client.SHARED.has(right)).isEqualTo(expected.contains(right));
                assertThat(Client.OPEN.has(right)).isEqualTo(expected.contains(right));
            }
        }

        @Test
        void isAnyoneWithASharedNameOnly() throws Exception {
            assertThat(Client.SHARED.isAnyone()).isTrue();
            assertThat(Client.OPEN.isAnyone()).isTrue();
            assertThat(client().isAnyone()).isFalse();
            assertThat(client().with(Entries.of("'token_names': ['ci']")).isAnyone())
                    .isFalse();
            assertThat(client().with(Entries.of("'token_names': ['ci', 'shared']"))
                            .isAnyone())
                    .isTrue();
            assertThat(Client.SHARED.with(Entries.of("")).isAnyone()).isTrue();
        }

        private static Client client(String... models) {
            var patterns = Stream.of(models)
                    .map(text -> ModelPattern.nameOrPrefix(text).orElseThrow())
                    .toList();
            return new Client("ci", Set.of(Right.MANAGED), patterns);
        }
    }
}
