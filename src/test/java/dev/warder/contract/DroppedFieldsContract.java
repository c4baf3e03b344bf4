package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Field;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule "Dropped fields": no access token leaves in a field of any name, nor does what a front end says of the caller.
 */
class DroppedFieldsContract extends GroundContract {
    private static final String DEDICATED = "X-Gw-Token";

    /** What front ends add, and what makes another request of this one. */
    private static final List<Field> IDENTITY = fields(
            """
            X-Auth-Request-Access-Token: ya29 | X-Auth-Request-Email: a@b.example | X-Goog-Iap-Jwt-Assertion: ey.J.x
            X-Amzn-Oidc-Data: ey.J.x | X-Amzn-Oidc-Accesstoken: ey.J.x | X-Ms-Token-Aad-Access-Token: ey.J.x
            X-Client-Cert: MII | X-Client-Cert-Chain: MII | X-Client-Certificate: MII | True-Client-IP: 192.0.2.1
            X-Original-URL: /v1/organizations | X-Rewrite-URL: /v1/organizations | X-HTTP-Method-Override: DELETE
            X-HTTP-Method: DELETE | x-method-override: DELETE""");

    /** Names that become those of other fields where {@code _} reads as {@code -}. */
    private static final List<String> TWINS = items(
            """
            x_api_key, X_API-KEY, anthropic_version, anthropic_beta, Anthropic_VERSION, content_length
            transfer_encoding, accept_encoding, content_encoding, X_Forwarded_For, x_real_ip, CF_Connecting_IP
            Proxy_Authorization, X_Gw_Token, X_Warder_Token, X_Auth_Request_Email, True_Client_IP
            X_HTTP_Method_Override, X_Method_Override, access_control_request_method""");

    private static final List<Field> KEPT = fields(
            """
            Referer: https://inside.example/page | x_custom_field: 1 | X-Wrd: words, not a token
            X-Client-Name: MII | X-Original-Host: a | X-Note: awrd_x | anthropic-beta: files-api-2025-04-14""");

    private final String named = token();
    private final String other = token();
    private Container container;
    private Container open;

    @BeforeAll
    final void prepare() throws Exception {
        log.plant(named, other);
        var file = Files.write(
                folder.resolve("clients"), List.of(line(named, "build") + " rights=passthrough,managed,workspace"));
        container = ground.container(
                "fields", ground.usual().with("clients.file", file.toString()).with("clients.header", DEDICATED));
        open = Setup.OPEN_KEY.on(ground);
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void dropsEveryFieldThatHoldsAnAccessToken(Endpoint endpoint) throws Exception {
        for (var presented : List.of(ACCESS_TOKEN, named)) {
            for (var slot : List.of(DEDICATED, "x-api-key", "Authorization")) {
                var request = endpoint.request(container)
                        .field(slot, slot.startsWith("A") ? "Bearer " + presented : presented);
                for (var token : List.of(presented, named, other)) {
                    request.field("X-Warder-Token", token)
                            .field("api-key", token)
                            .field("X-Token", "Bearer " + token)
                            .field("X-Token", "token  \"" + token + "\"")
                            .field("X-Any", " " + token + " ")
                            .field("X-List", "a, " + token)
                            .field("X-Goog-Api-Key", token)
                            .field("X_Gw_Token", token);
                }
                var sent = sent(container, request.field("X-Token", "kept"));
                assertThat(sent.rawHead()).doesNotContain("wrd_", ACCESS_TOKEN, named, other);
                assertFields(sent.fields(), "X-Token", "kept", "x-api-key", MANAGED_KEY);
            }
        }
    }

    @Test
    void dropsTokensOfItsOwnMakingWhereItIsOpen() throws Exception {
        var request = Endpoint.of("GET /v1/skills").request(open);
        var sent = sent(
                open,
                request.field("api-key", other)
                        .field("X-Warder-Token", "anything")
                        .field("x-api-key", "Bearer " + other));
        assertThat(sent.rawHead()).doesNotContain("wrd_", "anything");
        assertThat(sent.fields().values("x-api-key")).containsExactly(MANAGED_KEY);
    }

    /** Rule "Access tokens are consumed", also where a scheme stands before the token. */
    @ParameterizedTest
    @ValueSource(strings = {"%s", "Bearer %s", "bearer  %s", "\"%s\""})
    void refusesALeftoverTokenInAPlaceForTokens(String form) throws Exception {
        var request = Endpoint.of("POST /v1/messages").request(container).field(DEDICATED, ACCESS_TOKEN);
        Answers.refused(send(container, request.field("x-api-key", form.formatted(other))), 401);
        if (!form.equals("%s")) {
            var same = Endpoint.of("POST /v1/messages").request(container).field(DEDICATED, ACCESS_TOKEN);
            Answers.refused(send(container, same.field("x-api-key", form.formatted(ACCESS_TOKEN))), 401);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void dropsWhatFrontEndsSayOfTheCaller(Endpoint endpoint) throws Exception {
        var request = endpoint.request(container).field(DEDICATED, ACCESS_TOKEN);
        IDENTITY.forEach(field -> request.field(field.name(), field.value()));
        var sent = sent(container, request).fields();
        assertThat(IDENTITY).extracting(Field::name).noneMatch(sent::has);
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void dropsTwinsOfFieldsThatItSetsOrDrops(Endpoint endpoint) throws Exception {
        var request = endpoint.request(container).field(DEDICATED, ACCESS_TOKEN);
        TWINS.forEach(name -> request.field(name, "twin"));
        var sent = sent(container, request);
        assertThat(TWINS).noneMatch(sent.fields()::has);
        assertThat(sent.rawHead()).doesNotContain("twin");
        assertThat(sent.fields().values("anthropic-version")).containsExactly("2023-06-01");
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void keepsTheRest(Endpoint endpoint) throws Exception {
        var request = endpoint.request(container).field(DEDICATED, ACCESS_TOKEN);
        KEPT.forEach(field -> request.field(field.name(), field.value()));
        var sent = sent(container, request).fields();
        for (var field : KEPT) {
            assertThat(sent.values(field.name())).as(field.name()).containsExactly(field.value());
        }
    }
}
