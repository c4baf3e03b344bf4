package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static dev.warder.contract.Contract.OWN_OAUTH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.CredentialCase.Refusal;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The auth matrix, every row by every way through the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CredentialContract {
    private final Container.Starter starter;
    private Ground ground;

    CredentialContract(Container.Starter starter) {
        this.starter = starter;
    }

    @BeforeAll
    final void begin() throws IOException {
        ground = new Ground(starter);
        ground.log().plant(Setup.MANAGED_OAUTH, Setup.MANAGED_BEARER, CredentialCases.SSO);
    }

    @BeforeEach
    final void forget() {
        ground.upstream().clear();
    }

    @AfterAll
    final void end() throws IOException {
        ground.close();
        assertThat(ground.log().leaks()).isEmpty();
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
            check((Refusal) row.outcome(), answer);
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
        assertThat(Ground.send(container, Ground.request(container, "GET", "/health/live"))
                        .status())
                .isEqualTo(200);
    }

    @DisplayName("A41 the host is named at start, once")
    @Test
    void namesAnUpstreamThatIsNotTheUsualOne() throws Exception {
        ground.log().clear();
        var deployment = ground.usual().with("upstream.version", "2023-06-01");
        try (var container = starter.start(deployment.at("/named"))) {
            assertThat(container.deployed()).isTrue();
            assertThat(ground.log().lines("dev.warder", Level.WARNING))
                    .filteredOn(line -> line.text().contains("127.0.0.1"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).startsWith("upstream.url: "));
        }
    }

    @DisplayName("A43 a client's own credential only")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/oauth/usage",
                "POST /v1/oauth/token",
                "GET /v1/organizations",
                "GET /v1/organizations/x",
                "GET /v1/v1/organizations/x",
                "POST /anthropic/v1/oauth/token",
                "GET /anthropic/api/oauth/usage",
                "GET /anthropic/v1/v1/organizations"
            })
    void sendsNoManagedCredentialThere(String text) throws Exception {
        var endpoint = Endpoint.of(text);
        var container = Setup.TOKEN_KEY.on(ground);
        var both = endpoint.request(container).field("x-api-key", ACCESS_TOKEN);
        assertThat(Ground.send(container, both.field("Authorization", "Bearer " + OWN_OAUTH))
                        .status())
                .isEqualTo(200);
        assertThat(ground.upstream().take().fields().values("authorization")).containsExactly("Bearer " + OWN_OAUTH);
        var alone = endpoint.request(container).field("x-api-key", ACCESS_TOKEN);
        Answers.refused(Ground.send(container, alone), 403, "permission_error");
        var dropped = Setup.TOKEN_KEY_ONLY.on(ground);
        var useless = endpoint.request(dropped).field("x-api-key", ACCESS_TOKEN);
        Answers.refused(
                Ground.send(dropped, useless.field("Authorization", "Bearer " + OWN_OAUTH)), 403, "permission_error");
        assertThat(ground.upstream().requests()).hasSize(1);
    }

    static Stream<Endpoint> ways() {
        return Endpoint.WAYS.stream();
    }

    @DisplayName("A46 a client's own credential is refused")
    @ParameterizedTest(name = "A46 {0}")
    @MethodSource("ways")
    void passesTheUpstreamsVerdictOnAClientsOwnCredential(Endpoint endpoint) throws Exception {
        var error = Messages.error("authentication_error", "invalid bearer token");
        ground.upstream().next((request, reply) -> reply.field("request-id", "req_up")
                .field("WWW-Authenticate", "Bearer")
                .json(401, error));
        var container = Setup.OPEN_KEY.on(ground);
        var answer = Ground.send(container, endpoint.request(container).field("Authorization", "Bearer " + OWN_OAUTH));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text()).isEqualTo(error);
        assertThat(answer.fields().values("request-id")).containsExactly("req_up");
        assertThat(answer.fields().values("www-authenticate")).containsExactly("Bearer");
        assertThat(ground.upstream().requests()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void neverPasses401ForAManagedCredential(Endpoint endpoint) throws Exception {
        ground.upstream().next((request, reply) -> reply.field("request-id", "req_up")
                .json(401, Messages.error("authentication_error", "invalid x-api-key")));
        var container = Setup.TOKEN_KEY.on(ground);
        var answer = Ground.send(container, endpoint.request(container).field("x-api-key", ACCESS_TOKEN));
        assertThat(Answers.refused(answer, 502, "api_error")).contains("\"primary\"");
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
                    setup == Setup.OPEN_KEY || setup == Setup.TOKEN_KEY
                            ? "[ApiKey] Using managed API key"
                            : "[Bearer] Using managed bearer token",
                    container,
                    endpoint.request(container).field("X-Warder-Token", ACCESS_TOKEN));
        }
    }

    private void awaitLine(String words, Container container, RawRequest request) throws Exception {
        var id = Ground.send(container, request).fields().first("X-Warder-Request-Id");
        var line = words + " for request " + id.orElseThrow();
        assertThat(ground.log()
                        .await("dev.warder", line::equals, Duration.ofSeconds(5))
                        .level())
                .isEqualTo(Level.FINE);
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
        assertThat(Stream.of("x-warder-token", "x-foo", "connection", "x-forwarded-for", "cf-connecting-ip", "cookie"))
                .filteredOn(fields::has)
                .isSubsetOf("connection");
        assertThat(sent.rawHead()).doesNotContain(ACCESS_TOKEN, "wrd_");
    }

    private void check(Refusal refusal, RawResponse answer) {
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
