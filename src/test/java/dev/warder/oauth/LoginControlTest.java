package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginControlTest {
    private final LoginBench bench;

    LoginControlTest() throws IOException {
        bench = new LoginBench();
    }

    @AfterEach
    void end() throws IOException {
        bench.close();
    }

    @Test
    void sendsTheBrowserWithPkceAndState() throws Exception {
        var url = bench.control.beginLogin();
        assertThat(url).hasHost("login.example").hasPath("/authorize");
        var query = query(url);
        assertThat(query)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "the client")
                .containsEntry("redirect_uri", "https://gateway.example/admin/credentials/callback")
                .containsEntry("scope", "user:inference user:profile")
                .containsEntry("code_challenge_method", "S256");
        assertThat(query.getOrDefault("state", ""))
                .hasSize(43)
                .isNotEqualTo(query(bench.control.beginLogin()).getOrDefault("state", ""));
        assertThat(query.getOrDefault("code_challenge", "")).hasSize(43);
    }

    @Test
    void countsAStateOnce() throws Exception {
        var query = query(bench.control.beginLogin());
        String code = bench.server.code(query.getOrDefault("code_challenge", ""));
        LoginBench.done(bench.control.finishLogin(code, query.getOrDefault("state", "")));
        refused(bench.control.finishLogin(code, query.getOrDefault("state", "")), "begin again");
        refused(bench.control.finishLogin(code, "made up"), "begin again");
        assertThat(bench.server.requests()).hasSize(1);
    }

    @Test
    void forgetsALoginAfterTenMinutes() throws Exception {
        var state = query(bench.control.beginLogin()).getOrDefault("state", "");
        bench.time.pass(Duration.ofMinutes(10));
        refused(bench.control.finishLogin("code", state), "ten minutes");
        assertThat(bench.server.requests()).isEmpty();
    }

    @Test
    void keepsAHundredLoginsAtMost() throws Exception {
        var first = query(bench.control.beginLogin()).getOrDefault("state", "");
        var second = query(bench.control.beginLogin()).getOrDefault("state", "");
        for (int more = 0; more < 99; more++) {
            bench.control.beginLogin();
        }
        refused(bench.control.finishLogin("code", first), "begin again");
        refused(bench.control.finishLogin("code", second), "invalid_grant");
    }

    @Test
    void saysWhyTheEndpointRefusedTheCode() throws Exception {
        var state = query(bench.control.beginLogin()).getOrDefault("state", "");
        refused(bench.control.finishLogin("wrong", state), "invalid_grant");
        assertThat(bench.store.stored()).isEmpty();
    }

    @Test
    void namesTheSettingThatALoginNeeds() throws Exception {
        var full = LoginBench.oauth(bench.server.url());
        var begun = new PendingLogins(LoginBench.resources(bench.time).random(), bench.time::nanoTime).begin();
        assertThatThrownBy(() -> new OAuthClient(without(full, Optional.empty(), full.redirectUri())).authorize(begun))
                .isInstanceOf(ControlException.class)
                .hasMessage("oauth.authorizeUrl is not set");
        assertThatThrownBy(() -> new OAuthClient(without(full, full.authorizeUrl(), Optional.empty())).authorize(begun))
                .isInstanceOf(ControlException.class)
                .hasMessage("oauth.redirectUri is not set");
    }

    @Test
    void renewsForAnOperatorAlsoWhatWasRefused() throws Exception {
        var old = bench.login("old", Duration.ofHours(1));
        bench.server.next((request, reply) -> reply.json(400, "{\"error\":\"invalid_grant\"}"));
        refused(bench.control.refresh(), "invalid_grant");
        assertThat(bench.server.requests()).hasSize(1);
        var status = LoginBench.done(bench.control.refresh());
        assertThat(status.lastRefresh()).contains(bench.time.instant());
        assertThat(status.lastError()).isEmpty();
        assertThat(bench.value()).isNotEqualTo(old.accessToken());
    }

    @Test
    void forgetsALogin() throws Exception {
        bench.login("old", Duration.ofHours(1));
        bench.value();
        var status = LoginBench.done(bench.control.logout());
        assertThat(status.outOfUse()).contains("no login is stored");
        assertThat(bench.store.stored()).isEmpty();
        assertThat(bench.failure(bench.source.current()).isTerminal()).isTrue();
        refused(bench.control.refresh(), "log in first");
    }

    @Test
    void tellsOfAStoreThatCannotBeRead() throws Exception {
        bench.store.unreadable(true);
        assertThat(LoginBench.done(bench.control.status()).lastError()).contains("the store is no login");
    }

    private static OAuthSettings without(OAuthSettings full, Optional<URI> authorizeUrl, Optional<URI> redirectUri) {
        return new OAuthSettings(
                authorizeUrl,
                full.tokenUrl(),
                full.clientId(),
                full.clientSecret(),
                full.scopes(),
                redirectUri,
                full.store(),
                full.format());
    }

    private static void refused(CompletionStage<?> stage, String why) {
        assertThatThrownBy(() -> LoginBench.done(stage))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ControlException.class)
                .hasMessageContaining(why);
    }

    private static Map<String, String> query(URI url) {
        return Stream.of(url.getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }
}
