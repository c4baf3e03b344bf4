package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.Secret;
import dev.warder.oauth.TokenSources.LoginControl;
import dev.warder.oauth.TokenSources.StoredLogins;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.TokenServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The standard flows, with a browser that goes to the authorization server and comes back with what it says. */
class LoginFlowTest {
    private static final Pattern PARAMETER = Pattern.compile("[?&](code|state)=([^&]*)");
    private static final int LOGGED_IN = 302;

    private final SettableTime time = new SettableTime();
    private final MemoryStore store = new MemoryStore();
    private final HttpClient browser = HttpClient.newHttpClient();
    private final TokenServer server;

    LoginFlowTest() throws IOException {
        server = TokenServer.start().expiresIn("3600");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void logsInAndRefreshes() throws Exception {
        try (var node = new Gateway(Optional.empty())) {
            node.logsInAndRefreshes();
        }
        assertThat(exchanges()).hasSize(2).allSatisfy(request -> {
            assertThat(request.fields().values("Authorization")).isEmpty();
            assertThat(TokenServer.members(request)).containsEntry("client_id", "warder");
        });
    }

    @Test
    void logsInAndRefreshesWithAClientSecret() throws Exception {
        try (var node = new Gateway(Optional.of(Secret.of("the secret of 100% + :")))) {
            node.logsInAndRefreshes();
        }
        assertThat(exchanges()).hasSize(2).allSatisfy(request -> assertThat(client(request))
                .containsExactly("warder", "the secret of 100% + :"));
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

    /** The requests to the token endpoint. */
    private List<RecordedRequest> exchanges() {
        return server.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
    }

    /** Name and secret of a client that uses HTTP Basic, as RFC 6749 reads them (section 2.3.1): each of them a form's value. */
    private static List<String> client(RecordedRequest request) {
        var field = request.fields().values("Authorization").get(0);
        assertThat(field).startsWith("Basic ");
        var pair =
                new String(Base64.getDecoder().decode(field.substring("Basic ".length())), StandardCharsets.US_ASCII);
        return Stream.of(pair.split(":", -1))
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .toList();
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
                    Optional.of(server.authorizeUrl()),
                    server.url(),
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
