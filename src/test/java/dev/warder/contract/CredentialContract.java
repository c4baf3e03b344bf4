package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.CredentialCase.Refused;
import dev.warder.contract.CredentialCase.Upward;
import dev.warder.testkit.Container;
import dev.warder.testkit.Field;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The auth matrix, every row by every way through the gateway.
 *
 * <p>What becomes of a credential that went upstream, the client's own or a managed one.
 *
 * <p>Web pages and a gateway that everybody on this machine may call: 401 is beyond the guard, for want of a
 * credential.
 */
class CredentialContract extends GroundContract {
    @BeforeAll
    final void prepare() throws Exception {
        log.plant(Setup.MANAGED_OAUTH, Setup.MANAGED_BEARER, CredentialCases.SSO);
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
        var answer = send(container, request);
        if (row.outcome() instanceof Upward upward) {
            assertStatus(200, answer);
            var sent = upstream.take();
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
        var answer = assertStatus(503, send(container, Endpoint.of(endpoint).request(container)));
        if (!endpoint.startsWith("HEAD")) {
            assertThat(Answers.refused(answer, 503, "api_error")).contains("clients.token");
        }
        ok(container, request(container, "GET", "/health/live"));
    }

    @DisplayName("A41 the host is named at start, once")
    @Test
    void namesAnUpstreamThatIsNotTheUsualOne() throws Exception {
        log.clear();
        assertThat(ground.container("named", ground.usual()).deployed()).isTrue();
        assertThat(log.lines("dev.warder", Level.WARNING))
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
        assertThat(upstream.requests()).isEmpty();
    }

    private static boolean echoes(RawResponse answer, String value) {
        return value.length() > 3 && answer.toString().contains(value);
    }

    @DisplayName("A43 a client's own credential only")
    @EachItem(
            """
            GET /api/oauth/usage, POST /v1/oauth/token, GET /v1/organizations, GET /v1/organizations/x
            GET /v1/v1/organizations/x, POST /anthropic/v1/oauth/token, GET /anthropic/api/oauth/usage
            GET /anthropic/v1/v1/organizations""")
    void sendsNoManagedCredentialThere(String text) throws Exception {
        var endpoint = Endpoint.of(text);
        var container = Setup.TOKEN_KEY.on(ground);
        ok(
                container,
                endpoint.request(container).field("x-api-key", ACCESS_TOKEN).bearer(OWN_OAUTH));
        assertThat(upstream.take().fields().values("authorization")).containsExactly("Bearer " + OWN_OAUTH);
        Answers.refused(send(container, endpoint.request(container).field("x-api-key", ACCESS_TOKEN)), 403);
        var dropped = Setup.TOKEN_KEY_ONLY.on(ground);
        var useless = endpoint.request(dropped).field("x-api-key", ACCESS_TOKEN);
        Answers.refused(send(dropped, useless.bearer(OWN_OAUTH)), 403);
        assertThat(upstream.requests()).hasSize(1);
    }

    @DisplayName("A46 a client's own credential is refused")
    @ParameterizedTest(name = "A46 {0}")
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void passesTheUpstreamsVerdictOnAClientsOwnCredential(Endpoint endpoint) throws Exception {
        var error = Messages.error("authentication_error", "invalid bearer token");
        upstream.next((request, reply) -> reply.field("request-id", "req_up")
                .field("WWW-Authenticate", "Bearer")
                .json(401, error));
        var container = Setup.OPEN_KEY.on(ground);
        var answer = send(container, endpoint.request(container).bearer(OWN_OAUTH));
        assertText(401, answer).isEqualTo(error);
        assertFields(answer.fields(), "request-id", "req_up", "www-authenticate", "Bearer");
        assertThat(upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void neverPasses401ForAManagedCredential(Endpoint endpoint) throws Exception {
        upstream.next((request, reply) -> reply.field("request-id", "req_up")
                .json(401, Messages.error("authentication_error", "invalid x-api-key")));
        var container = Setup.TOKEN_KEY.on(ground);
        var answer = send(container, endpoint.request(container).field("x-api-key", ACCESS_TOKEN));
        assertThat(Answers.refused(answer, 502)).contains("\"primary\"");
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        assertThat(answer.fields().has("www-authenticate")).isFalse();
    }

    @DisplayName("M04 one line says which credential went")
    @ParameterizedTest
    @EnumSource(names = {"OPEN_KEY", "OPEN_OAUTH", "OPEN_BEARER", "TOKEN_KEY"})
    void logsWhoseCredentialWent(Setup setup) throws Exception {
        var container = setup.on(ground);
        for (var endpoint : Endpoint.WAYS) {
            var own = endpoint.request(container).field("X-Warder-Token", ACCESS_TOKEN);
            awaitLine("[Passthrough] Using client bearer token", container, own.field("Authorization", "Bearer s"));
            awaitLine(
                    switch (setup) {
                        case OPEN_OAUTH -> "[OAuth] Using router OAuth token";
                        case OPEN_BEARER -> "[Bearer] Using managed bearer token";
                        default -> "[ApiKey] Using managed API key";
                    },
                    container,
                    endpoint.request(container).field("X-Warder-Token", ACCESS_TOKEN));
        }
    }

    private void awaitLine(String words, Container container, RawRequest request) throws Exception {
        var id = send(container, request).fields().first("X-Warder-Request-Id");
        var line = words + " for request " + id.orElseThrow();
        assertThat(log.await("dev.warder", line::equals, Duration.ofSeconds(5)).level())
                .isEqualTo(Level.FINE);
    }

    @EachItem(
            """
            rebound.example, rebound.example:8080, 127.0.0.1.rebound.example, localhost.rebound.example, xlocalhost
            localhost., 1.2.3.4.5.example:80""")
    void refusesANameThatMayHaveBeenRebound(String host) throws Exception {
        var answer = send(host, "");
        assertThat(Answers.refused(answer, 403)).contains("Host", "localhost");
        assertThat(answer.text()).doesNotContain("rebound");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080", "10.0.0.7"})
    void acceptsAddressesAndLocalhost(String host) throws Exception {
        Answers.refused(send(host, ""), 401);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080,http://rebound.example",
        "localhost:8080,http://rebound.example:8080",
        "localhost:8080,null",
        "localhost:8080,http://localhost:3000",
        "localhost:8080,http://localhost",
        "localhost:8080,https://localhost:8080",
        "localhost:8080,http://localhost:8080.rebound.example",
        "127.0.0.1:8080,http://localhost:8080",
    })
    void refusesPagesOfOtherOrigins(String host, String origin) throws Exception {
        var answer = send(host, origin);
        assertThat(Answers.refused(answer, 403)).contains("origins");
        assertThat(answer.text()).doesNotContain("rebound");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080,http://localhost:8080",
        "LocalHost:8080,http://localhost:8080",
        "localhost,http://localhost:80",
        "127.0.0.1:80,http://127.0.0.1",
    })
    void acceptsPagesOfItsOwnOrigin(String host, String origin) throws Exception {
        Answers.refused(send(host, origin), 401);
    }

    private RawResponse send(String host, String origin) throws Exception {
        return send(Setup.OPEN_NONE.on(ground), host, origin);
    }

    private static RawResponse send(Container container, String host, String origin) throws IOException {
        var request = RawRequest.bare("GET", container.contextPath() + "/anthropic/v1/models")
                .field("Host", host);
        return send(container, origin.isEmpty() ? request : request.field("Origin", origin));
    }
}
