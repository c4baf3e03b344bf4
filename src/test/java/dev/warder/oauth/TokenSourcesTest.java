package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.ManagedCredential;
import dev.warder.credential.UpstreamCredential;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.TokenServer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSourcesTest {
    private final SettableTime time = new SettableTime();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void keepsALoginFromItsBeginningOverARestart() throws Exception {
        try (var server = TokenServer.start()) {
            String first;
            try (var sources = sources(server)) {
                var control = sources.controls().get(0);
                String url = control.beginLogin().toString();
                String code = server.code(parameter(url, "code_challenge"));
                LoginBench.done(control.finishLogin(code, parameter(url, "state")));
                first = value(sources);
            }
            try (var sources = sources(server)) {
                sources.start();
                assertThat(value(sources)).isEqualTo(first);
                time.pass(Duration.ofHours(8));
                assertThat(server.knows(value(sources))).isTrue();
            }
            assertThat(server.refreshes().value()).isOne();
        }
    }

    @Test
    void refreshesOnceForTwoProcessesWithOneFile() throws Exception {
        try (var server = TokenServer.start();
                var one = sources(server);
                var other = sources(server)) {
            var control = one.controls().get(0);
            String url = control.beginLogin().toString();
            LoginBench.done(
                    control.finishLogin(server.code(parameter(url, "code_challenge")), parameter(url, "state")));
            for (int round = 0; round < 10; round++) {
                time.pass(Duration.ofHours(8));
                var both = List.of(source(one).current(), source(other).current());
                assertThat(value(both.get(0))).isEqualTo(value(both.get(1)));
            }
            assertThat(server.refreshes().value()).isEqualTo(10);
            assertThat(server.reuses().value()).isZero();
        }
    }

    @Test
    void warnsOfALoginInTheShapeOfADeveloper() throws Exception {
        Files.writeString(
                folder.resolve("login"),
                "{\"claudeAiOauth\":{\"accessToken\":\"an-access-token\",\"refreshToken\":\"a-refresh-token\","
                        + "\"expiresAt\":1893456000000}}");
        try (var log = LogCapture.start();
                var server = TokenServer.start();
                var sources = sources(server)) {
            sources.start();
            log.await("dev.warder.oauth", text -> text.contains("claudeAiOauth"), Duration.ofSeconds(20));
        }
    }

    private TokenSources sources(TokenServer server) {
        var base = LoginBench.oauth(server.url());
        var settings = new OAuthSettings(
                base.authorizeUrl(),
                base.tokenUrl(),
                base.clientId(),
                Optional.of(Secret.of("a client secret")),
                base.scopes(),
                base.redirectUri(),
                new StoreSettings(new StoreSettings.Place.File(folder.resolve("login")), Optional.empty(), false),
                OAuthSettings.Format.JSON);
        return TokenSources.of(
                List.of(new ManagedCredential.Login("team", 1)),
                Optional.of(settings),
                Optional.empty(),
                TokenSourcesTest::store,
                LoginBench.resources(time));
    }

    private static TokenStore store(StoreSettings settings, String name) {
        try {
            return TokenStores.of(settings, name, Optional.empty());
        } catch (TokenStoreException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static CredentialSource source(TokenSources sources) {
        return sources.source("team").orElseThrow();
    }

    private static String value(TokenSources sources) throws Exception {
        return value(source(sources).current());
    }

    private static String value(CompletionStage<UpstreamCredential> stage) throws Exception {
        return ((UpstreamCredential.BearerToken) LoginBench.done(stage)).value();
    }

    private static String parameter(String url, String name) {
        var found = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(url);
        assertThat(found.find()).isTrue();
        return URLDecoder.decode(found.group(1), StandardCharsets.UTF_8);
    }
}
