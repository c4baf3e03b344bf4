package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.Secret;
import dev.warder.oauth.renewal.ControlException;
import dev.warder.oauth.renewal.TokenSource;
import dev.warder.oauth.store.StoreSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The standard flows against an authorization server of somebody else's. */
class MockOAuth2ServerTest {
    private static final Pattern PARAMETER = Pattern.compile("[?&](code|state)=([^&]*)");
    private static final int LOGGED_IN = 302;

    private final SettableTime time = new SettableTime();
    private final MemoryStore store = new MemoryStore();
    private final HttpClient browser = HttpClient.newHttpClient();
    private final MockOAuth2Server server = new MockOAuth2Server(new OAuth2Config(false, null, null, true));

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        server.shutdown();
    }

    @Test
    void logsInAndRefreshes() throws Exception {
        try (var node = new Gateway(Optional.empty())) {
            node.logsInAndRefreshes();
        }
    }

    @Test
    void logsInAndRefreshesWithAClientSecret() throws Exception {
        try (var node = new Gateway(Optional.of(Secret.of("the secret of 100% + :")))) {
            node.logsInAndRefreshes();
        }
    }

    @Test
    void exchangesNoCodeOfAnotherLogin() throws Exception {
        try (var node = new Gateway(Optional.empty())) {
            var mine = back(node.control.beginLogin());
            var others = back(node.control.beginLogin());
            assertThatThrownBy(() -> LoginBench.done(
                            node.control.finishLogin(parameter(others, "code"), parameter(mine, "state"))))
                    .hasCauseInstanceOf(ControlException.class)
                    .hasMessageContaining("invalid_grant");
            assertThat(store.stored()).isEmpty();
        }
    }

    /** Where the authorization server sends the browser. */
    private String back(URI login) throws Exception {
        var answer = browser.send(
                HttpRequest.newBuilder(login).timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(LOGGED_IN);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private static String parameter(String url, String name) {
        return PARAMETER
                .matcher(url)
                .results()
                .filter(found -> found.group(1).equals(name))
                .map(found -> found.group(2))
                .findFirst()
                .orElseThrow();
    }

    /** One node with a login at the server. */
    private final class Gateway implements AutoCloseable {
        private final TokenSource source;
        private final LoginControl control;

        Gateway(Optional<Secret> secret) {
            var resources = LoginBench.resources(time);
            var settings = new OAuthSettings(
                    Optional.of(server.authorizationEndpointUrl("team").uri()),
                    server.tokenEndpointUrl("team").uri(),
                    "warder",
                    secret,
                    List.of("openid", "offline_access"),
                    Optional.of(URI.create("https://gateway.example/admin/credentials/callback")),
                    new StoreSettings(new StoreSettings.Place.Jdbc(), Optional.empty(), false),
                    OAuthSettings.Format.FORM);
            var logins = new StoredLogins("team", settings, store, resources.endpoint());
            source = new TokenSource("team", logins, resources);
            control = new LoginControl(source, logins, new PendingLogins(resources.random(), time::nanoTime));
        }

        void logsInAndRefreshes() throws Exception {
            String back = back(control.beginLogin());
            assertThat(back).startsWith("https://gateway.example/admin/credentials/callback?");
            var status = LoginBench.done(control.finishLogin(parameter(back, "code"), parameter(back, "state")));
            assertThat(status.outOfUse()).isEmpty();
            var first = store.stored().orElseThrow().token();
            assertThat(value()).isEqualTo(first.accessToken());
            time.pass(Duration.ofHours(2));
            String second = value();
            assertThat(second).isNotEqualTo(first.accessToken());
            var stored = store.stored().orElseThrow().token();
            assertThat(stored.accessToken()).isEqualTo(second);
            assertThat(stored.refreshToken()).isPresent().isNotEqualTo(first.refreshToken());
            assertThat(stored.expiry()).isAfter(time.instant());
        }

        private String value() throws Exception {
            return LoginBench.token(source.current());
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
