package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever {@code Connection} names, and whatever twin stands beside a field: what the gateway sets goes up. */
@OnEachContainer
class ConnectionTokenContract extends GroundContract {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization",
                "x-api-key",
                "anthropic-version",
                "anthropic-beta",
                "content-type",
                "content-length",
                "host",
                "accept-encoding",
                "transfer-encoding",
                "x-warder-token",
                "connection",
                "close",
                "keep-alive",
                "*",
                ""
            })
    void removesNoFieldOfTheGateway(String token) throws Exception {
        for (var setup : List.of(Setup.OPEN_KEY, Setup.OPEN_OAUTH)) {
            for (var endpoint : Endpoint.WAYS) {
                var container = setup.on(ground);
                var answer = Ground.send(container, endpoint.request(container).field("Connection", token + ", x-own"));
                assertThat(answer.status()).as("%s: %s", endpoint, answer).isEqualTo(200);
                var sent = ground.upstream().take();
                boolean key = setup == Setup.OPEN_KEY;
                assertThat(sent.fields().values("x-api-key"))
                        .isEqualTo(key ? List.of(Contract.MANAGED_KEY) : List.of());
                assertThat(sent.fields().values("authorization"))
                        .isEqualTo(key ? List.of() : List.of("Bearer " + Setup.MANAGED_OAUTH));
                assertThat(sent.fields().values("anthropic-beta"))
                        .isEqualTo(key ? List.of() : List.of("oauth-2025-04-20"));
                assertThat(sent.fields().values("anthropic-version")).containsExactly("2023-06-01");
                assertThat(sent.fields().values("host"))
                        .containsExactly(ground.upstream().uri().getAuthority());
                assertThat(sent.fields().has("x-own")).isFalse();
                assertThat(sent.text()).isEqualTo(endpoint.method().equals("POST") ? body(endpoint, container) : "");
            }
        }
    }

    /** A front end or the upstream may take {@code x_api_key} for {@code x-api-key}; Warder never does. */
    @ParameterizedTest
    @ValueSource(strings = {"x_api_key", "X_Api_Key", "authorization_", "x_warder_token", "X_Warder_Token"})
    void takesNoTwinForAField(String twin) throws Exception {
        var guarded = Setup.TOKEN_KEY.on(ground);
        var stranger = Ground.request(guarded, "GET", "/v1/files").field(twin, Contract.ACCESS_TOKEN);
        Answers.refused(Ground.send(guarded, stranger), 401, "authentication_error");
        assertThat(ground.upstream().requests()).isEmpty();
        var known = Ground.request(guarded, "GET", "/v1/files")
                .field("x-api-key", Contract.ACCESS_TOKEN)
                .field(twin, Contract.OWN_KEY);
        Ground.send(guarded, known);
        ground.upstream().requests().forEach(sent -> assertThat(sent.fields().values("x-api-key"))
                .containsExactly(Contract.MANAGED_KEY));
    }

    private static String body(Endpoint endpoint, Container container) {
        RawRequest request = endpoint.request(container);
        var bytes = new String(request.bytes(), java.nio.charset.StandardCharsets.UTF_8);
        return bytes.substring(bytes.indexOf("\r\n\r\n") + 4);
    }
}
