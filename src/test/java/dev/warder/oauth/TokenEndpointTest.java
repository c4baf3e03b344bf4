package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.config.Secret;
import dev.warder.oauth.TokenEndpoint.EndpointException;
import dev.warder.oauth.TokenEndpoint.EndpointException.Meaning;
import dev.warder.oauth.TokenEndpoint.TokenRequest;
import dev.warder.testkit.Script;
import dev.warder.testkit.TokenServer;
import dev.warder.upstream.Outbound;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenEndpointTest {
    private static final String TOKEN = "{\"access_token\":\"an-access-token\",\"token_type\":\"bearer\"";

    private final SettableTime time = new SettableTime();
    private final TokenServer server;
    private final TokenEndpoint endpoint = endpoint(Duration.ofSeconds(20));

    TokenEndpointTest() throws IOException {
        server = TokenServer.start();
    }

    @AfterEach
    void end() throws IOException {
        endpoint.close();
        server.close();
    }

    @Test
    void sendsAFormAsAPublicClient() throws Exception {
        endpoint.post(client(OAuthSettings.Format.FORM, Optional.empty()).refresh(server.login()));
        var request = server.requests().get(0);
        assertThat(request.fields().values("Content-Type")).containsExactly("application/x-www-form-urlencoded");
        assertThat(request.fields().values("Authorization")).isEmpty();
        assertThat(TokenServer.members(request))
                .containsEntry("grant_type", "refresh_token")
                .containsEntry("client_id", "the client")
                .containsOnlyKeys("grant_type", "refresh_token", "client_id");
    }

    @Test
    void sendsTheSecretOfAConfidentialClientByBasic() throws Exception {
        var secret = Optional.of(Secret.of("a secret: 100%"));
        endpoint.post(client(OAuthSettings.Format.FORM, secret).refresh(server.login()));
        var request = server.requests().get(0);
        var basic =
                Base64.getEncoder().encodeToString("the+client:a+secret%3A+100%25".getBytes(StandardCharsets.US_ASCII));
        assertThat(request.fields().values("Authorization")).containsExactly("Basic " + basic);
        assertThat(TokenServer.members(request)).containsOnlyKeys("grant_type", "refresh_token");
    }

    @Test
    void sendsJsonWhereTheEndpointWantsIt() throws Exception {
        endpoint.post(client(OAuthSettings.Format.JSON, Optional.of(Secret.of("a secret")))
                .refresh(server.login()));
        var request = server.requests().get(0);
        assertThat(request.fields().values("Content-Type")).containsExactly("application/json");
        assertThat(TokenServer.members(request))
                .containsEntry("client_secret", "a secret")
                .containsOnlyKeys("grant_type", "refresh_token", "client_id", "client_secret");
    }

    @Test
    void readsTheLifetimeAsNumberAndAsText() throws Exception {
        assertThat(reply(TOKEN + ",\"expires_in\":3600}").lifetime()).contains(Duration.ofHours(1));
        assertThat(reply(TOKEN + ",\"expires_in\":\"7200\"}").lifetime()).contains(Duration.ofHours(2));
        assertThat(reply(TOKEN + ",\"expires_in\":1.5e3}").lifetime()).contains(Duration.ofMinutes(25));
    }

    @Test
    void takesAnHourWhereTheLifetimeIsNotSaid() throws Exception {
        for (var unsaid : new String[] {
            "}",
            ",\"expires_in\":null}",
            ",\"expires_in\":-1}",
            ",\"expires_in\":\"x\"}",
            ",\"expires_in\":0}",
            ",\"expires_in\":0.001}"
        }) {
            assertThat(reply(TOKEN + unsaid).lifetime()).as(unsaid).contains(Duration.ofHours(1));
        }
    }

    @Test
    void takesTenYearsForTheLongestLifetime() throws Exception {
        assertThat(reply(TOKEN + ",\"expires_in\":1e300}").lifetime()).contains(Duration.ofDays(3650));
        assertThat(reply(TOKEN + ",\"expires_in\":99999999999999999999}").lifetime())
                .contains(Duration.ofDays(3650));
    }

    @Test
    void takesAnAnswerThatIsNestedTooDeeplyForNoToken() {
        assertThatThrownBy(() -> reply("[".repeat(30_000)))
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("no token response");
        assertThatThrownBy(() -> reply("{\"a\":".repeat(10_000)))
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("no token response");
    }

    @Test
    void countsTheLifetimeFromTheRequest() throws Exception {
        var sent = time.instant();
        server.next((request, reply) -> {
            time.pass(Duration.ofSeconds(7));
            reply.json(200, TOKEN + ",\"expires_in\":3600}");
        });
        assertThat(post().expiry()).isEqualTo(sent.plus(Duration.ofHours(1)));
    }

    @Test
    void refusesAnswersThatAreNoTokens() {
        for (var garbage : new String[] {
            "",
            "<html>",
            "[]",
            "{}",
            "{\"access_token\":7}",
            "{\"access_token\":\"two words\"}",
            "{\"access_token\":",
            "{\"access_token\":\"an-access-token\",\"token_type\":\"mac\"}"
        }) {
            assertThat(failure((request, reply) -> reply.json(200, garbage)).meaning())
                    .as(garbage)
                    .isEqualTo(Meaning.PASSING);
        }
    }

    @Test
    void tellsWhatLastsFromWhatPasses() {
        assertThat(failure(error(400, "invalid_grant")).meaning()).isEqualTo(Meaning.INVALID_GRANT);
        assertThat(failure(error(401, "invalid_grant")).meaning()).isEqualTo(Meaning.INVALID_GRANT);
        assertThat(failure(error(401, "invalid_client")).meaning()).isEqualTo(Meaning.REFUSED);
        assertThat(failure(error(400, "unauthorized_client")).meaning()).isEqualTo(Meaning.REFUSED);
        assertThat(failure(error(400, "temporarily_unavailable")).meaning()).isEqualTo(Meaning.PASSING);
        assertThat(failure(error(429, "invalid_grant")).meaning()).isEqualTo(Meaning.PASSING);
        assertThat(failure(error(500, "invalid_grant")).meaning()).isEqualTo(Meaning.PASSING);
        assertThat(failure((request, reply) -> reply.json(403, "<html>blocked")).meaning())
                .isEqualTo(Meaning.PASSING);
    }

    @Test
    void showsPlainErrorCodesOnly() {
        assertThat(failure(error(400, "invalid_scope"))).hasMessage("the token endpoint returned 400 (invalid_scope)");
        assertThat(failure(error(400, "planted text"))).hasMessage("the token endpoint returned 400");
        assertThat(failure(error(400, "x".repeat(65)))).hasMessage("the token endpoint returned 400");
        assertThat(failure((request, reply) -> reply.json(503, "planted")))
                .hasMessage("the token endpoint returned 503");
    }

    @Test
    void readsHowLongItIsToWait() {
        assertThat(failure((request, reply) -> reply.field("Retry-After", "17").json(429, "{}"))
                        .retryAfter())
                .contains(Duration.ofSeconds(17));
        assertThat(failure((request, reply) -> reply.field("Retry-After", "Sun, 01 Nov 2026 12:01:00 GMT")
                                .json(503, "{}"))
                        .retryAfter())
                .contains(Duration.ofMinutes(1));
        assertThat(failure((request, reply) ->
                                reply.field("Retry-After", "17.5").json(429, "{}"))
                        .retryAfter())
                .contains(Duration.ofMillis(17_500));
        assertThat(failure((request, reply) ->
                                reply.field("Retry-After-Ms", "1250").json(429, "{}"))
                        .retryAfter())
                .contains(Duration.ofMillis(1250));
        assertThat(failure((request, reply) ->
                                reply.field("Retry-After", "soon").json(503, "{}"))
                        .retryAfter())
                .isEmpty();
    }

    @Test
    void followsNoRedirectAndRepeatsNothing() {
        var moved = failure(
                (request, reply) -> reply.field("Location", "/elsewhere").json(307, "{}"));
        assertThat(moved).hasMessage("the token endpoint returned 307");
        assertThat(failure((request, reply) -> reply.reset()).meaning()).isEqualTo(Meaning.PASSING);
        assertThat(failure((request, reply) -> reply.json(503, "{}")).meaning()).isEqualTo(Meaning.PASSING);
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void readsSixtyFourKibibytesAtMost() throws Exception {
        String most = TOKEN + " ".repeat(64 * 1024 - TOKEN.length() - 1) + "}";
        assertThat(reply(most).accessToken()).isEqualTo("an-access-token");
        assertThat(failure((request, reply) -> reply.json(200, most + " "))).hasMessageContaining("longer than 64 KiB");
    }

    @Test
    void waitsForAWholeAnswerAsLongAsItMay() throws Exception {
        try (var hasty = endpoint(Duration.ofMillis(300))) {
            var never = new CountDownLatch(1);
            server.next((request, reply) -> {
                reply.length(100);
                reply.content(new byte[] {'{'});
                reply.await(never);
            });
            var late = catchThrowableOfType(EndpointException.class, () -> hasty.post(request(server.url())));
            never.countDown();
            assertThat(late).hasMessageContaining("did not respond in");
        }
    }

    @Test
    void tellsThatThereIsNoConnection() throws Exception {
        var url = server.url();
        server.close();
        var lost = catchThrowableOfType(EndpointException.class, () -> endpoint.post(request(url)));
        assertThat(lost).hasMessage("the token endpoint could not be asked: no connection");
    }

    private OAuthClient client(OAuthSettings.Format format, Optional<Secret> secret) {
        return client(LoginBench.oauth(server.url()), format, secret);
    }

    private static OAuthClient client(OAuthSettings base, OAuthSettings.Format format, Optional<Secret> secret) {
        return new OAuthClient(new OAuthSettings(
                base.authorizeUrl(),
                base.tokenUrl(),
                base.clientId(),
                secret,
                base.scopes(),
                base.redirectUri(),
                base.store(),
                format));
    }

    private static Script error(int status, String code) {
        return (request, reply) -> reply.json(status, "{\"error\":\"" + code + "\",\"error_description\":\"planted\"}");
    }

    private TokenEndpoint endpoint(Duration limit) {
        return new TokenEndpoint(Outbound.DIRECT, LoginBench.resources(time).threads(), time, time::nanoTime, limit);
    }

    private static TokenRequest request(URI url) {
        return new OAuthClient(LoginBench.oauth(url)).refresh("a-refresh-token");
    }

    private OAuthToken reply(String body) throws EndpointException {
        server.next((request, reply) -> reply.json(200, body));
        return post();
    }

    private OAuthToken post() throws EndpointException {
        return endpoint.post(request(server.url()));
    }

    private EndpointException failure(Script script) {
        server.next(script);
        return catchThrowableOfType(EndpointException.class, this::post);
    }
}
