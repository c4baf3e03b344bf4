package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.CredentialCase.Refused;
import dev.warder.contract.CredentialCase.Upward;
import dev.warder.testkit.Field;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The auth matrix, every row by every way through the gateway. */
class CredentialContract extends GroundContract {
    @BeforeAll
    final void prepare() throws Exception {
        ground.log().plant(Setup.MANAGED_OAUTH, Setup.MANAGED_BEARER, CredentialCases.SSO);
    }

    static Stream<Arguments> matrix() {
        return CredentialCases.rows()
                .flatMap(row -> Endpoint.WAYS.stream().map(endpoint -> Arguments.of(row, endpoint)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("matrix")
    void decidesAsTheMatrixSays(CredentialCase row, Endpoint endpoint) throws Exception {
        var container = row.setup().on(ground);
        var request = endpoint.request(container, row.query());
        row.fields().forEach(field -> request.field(field.name(), field.value()));
        var answer = Ground.send(container, request);
        if (row.outcome() instanceof Upward upward) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            var sent = ground.upstream().take();
            check(upward, sent);
            assertThat(sent.target()).endsWith(endpoint.path().replace("/anthropic", "") + row.query());
        } else {
            check((Refused) row.outcome(), answer);
            assertThat(row.fields()).extracting(Field::value).noneMatch(value -> echoes(answer, value));
        }
    }

    @DisplayName("A27 everywhere but health")
    @ParameterizedTest
    @ValueSource(strings = {"HEAD /", "GET /api/hello", "GET /nowhere", "DELETE /v1/messages", "GET /api/oauth/x"})
    void saysWhichSettingIsMissing(String endpoint) throws Exception {
        var container = Setup.UNSET.on(ground);
        var answer = Ground.send(container, Endpoint.of(endpoint).request(container));
        assertThat(answer.status()).isEqualTo(503);
        if (!endpoint.startsWith("HEAD")) {
            assertThat(Answers.refused(answer, 503, "api_error")).contains("clients.token");
        }
        ok(container, Ground.request(container, "GET", "/health/live"));
    }

    @DisplayName("A41 the host is named at start, once")
    @Test
    void namesAnUpstreamThatIsNotTheUsualOne() throws Exception {
        ground.log().clear();
        assertThat(ground.container("named", ground.usual()).deployed()).isTrue();
        assertThat(ground.log().lines("dev.warder", Level.WARNING))
                .filteredOn(line -> line.text().contains("127.0.0.1"))
                .singleElement()
                .satisfies(line -> assertThat(line.text()).startsWith("upstream.url: "));
    }

    private void check(Upward upward, RecordedRequest sent) {
        var fields = sent.fields();
        assertThat(fields.values("x-api-key"))
                .isEqualTo(upward.apiKey().stream().toList());
        assertThat(fields.values("authorization"))
                .isEqualTo(upward.authorization().stream().toList());
        assertThat(fields.values("anthropic-beta"))
                .isEqualTo(upward.beta().stream().toList());
        assertThat(fields.values("anthropic-version")).containsExactly(upward.version());
        assertThat(Stream.of("x-warder-token", "x-foo", "x-forwarded-for", "cf-connecting-ip", "cookie"))
                .noneMatch(fields::has);
        assertThat(sent.rawHead()).doesNotContain(ACCESS_TOKEN, "wrd_");
    }

    private void check(Refused refusal, RawResponse answer) {
        assertThat(Answers.refused(answer, refusal.status(), refusal.type())).contains(refusal.words());
        assertThat(answer.fields().first("www-authenticate"))
                .isEqualTo(refusal.challenge() ? Optional.of("Bearer realm=\"warder\"") : Optional.empty());
        assertThat(answer.fields().first("x-should-retry"))
                .isEqualTo(refusal.status() == 400 ? Optional.empty() : Optional.of("false"));
        assertThat(ground.upstream().requests()).isEmpty();
    }

    private static boolean echoes(RawResponse answer, String value) {
        return value.length() > 3 && answer.toString().contains(value);
    }
}
