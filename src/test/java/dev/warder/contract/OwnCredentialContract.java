package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static dev.warder.contract.Contract.OWN_OAUTH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import java.time.Duration;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a credential that went upstream, the client's own or a managed one. */
class OwnCredentialContract extends GroundContract {
    @BeforeAll
    final void prepare() throws Exception {
        ground.log().plant(Setup.MANAGED_OAUTH, Setup.MANAGED_BEARER, CredentialCases.SSO);
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
        ok(container, both.field("Authorization", "Bearer " + OWN_OAUTH));
        assertThat(ground.upstream().take().fields().values("authorization")).containsExactly("Bearer " + OWN_OAUTH);
        var alone = endpoint.request(container).field("x-api-key", ACCESS_TOKEN);
        Answers.refused(Ground.send(container, alone), 403, "permission_error");
        var dropped = Setup.TOKEN_KEY_ONLY.on(ground);
        var useless = endpoint.request(dropped).field("x-api-key", ACCESS_TOKEN);
        Answers.refused(
                Ground.send(dropped, useless.field("Authorization", "Bearer " + OWN_OAUTH)), 403, "permission_error");
        assertThat(ground.upstream().requests()).hasSize(1);
    }

    @DisplayName("A46 a client's own credential is refused")
    @ParameterizedTest(name = "A46 {0}")
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
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
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
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
        var id = Ground.send(container, request).fields().first("X-Warder-Request-Id");
        var line = words + " for request " + id.orElseThrow();
        assertThat(ground.log()
                        .await("dev.warder", line::equals, Duration.ofSeconds(5))
                        .level())
                .isEqualTo(Level.FINE);
    }
}
