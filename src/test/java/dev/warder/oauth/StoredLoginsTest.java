package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.auth.Client;
import dev.warder.oauth.CredentialControl.ControlException;
import dev.warder.oauth.TokenStore.TokenStoreException;
import dev.warder.testkit.LogCapture;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a login begins, and what becomes of it when store, endpoint and other programs get into each other's way. */
class StoredLoginsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String INVALID_GRANT = "{\"error\":\"invalid_grant\"}";

    private final LoginBench bench;

    StoredLoginsTest() throws IOException {
        bench = new LoginBench();
    }

    @AfterEach
    void end() throws IOException {
        bench.close();
    }

    @Test
    void storesATokenAlsoWhenAnotherNodeFoundTheOldLoginUsedUpMeanwhile() throws Exception {
        bench.login("old", SOON);
        bench.store.unwritable(true);
        bench.value();
        bench.store.unwritable(false);
        bench.store.exclusively(held -> {
            held.refuse();
            return true;
        });
        storesWhatItHas();
    }

    @Test
    void storesATokenAlsoWhenAnotherProgramWroteTheOldLoginOnceMore() throws Exception {
        var old = bench.login("old", SOON);
        bench.store.unwritable(true);
        bench.value();
        bench.store.unwritable(false);
        bench.store.put(old);
        storesWhatItHas();
    }

    private void storesWhatItHas() throws Exception {
        bench.time.pass(Duration.ofSeconds(2));
        bench.tick();
        assertThat(bench.server.knows(bench.store.stored().orElseThrow().token().accessToken()))
                .isTrue();
        assertThat(bench.server.knows(bench.value())).isTrue();
        assertThat(bench.server.requests()).hasSize(1);
    }

    @Test
    void triesAgainSoonToStoreATokenHoweverLongThatFailed() throws Exception {
        bench.login("old", SOON);
        bench.store.unwritable(true);
        bench.value();
        for (int turn = 0; turn < 12; turn++) {
            bench.time.pass(Duration.ofMinutes(5));
            bench.tick();
        }
        bench.store.unwritable(false);
        bench.time.pass(Duration.ofSeconds(10));
        bench.tick();
        assertThat(bench.server.knows(bench.store.stored().orElseThrow().token().accessToken()))
                .isTrue();
        assertThat(bench.server.requests()).hasSize(1);
    }

    @Test
    void blamesNoLoginThatAnotherProgramStoredWhileTheOldOneWasRefused() throws Exception {
        bench.login("old", SOON);
        bench.server.next((request, reply) -> {
            bench.login("other", SOON);
            reply.json(400, INVALID_GRANT);
        });
        assertThat(bench.server.knows(bench.value())).isTrue();
        assertThat(bench.store.stored().orElseThrow().refused()).isFalse();
        assertThat(bench.server.requests()).hasSize(2);
    }

    @Test
    void asksNoMoreThanTwiceInARow() throws Exception {
        bench.login("old", SOON);
        for (int round = 0; round < 3; round++) {
            String name = "other" + round;
            bench.server.next((request, reply) -> {
                bench.login(name, SOON);
                reply.json(400, INVALID_GRANT);
            });
        }
        assertThat(bench.value()).isEqualTo(LoginBench.access("other1"));
        assertThat(bench.server.requests()).hasSize(2);
        assertThat(bench.store.stored().orElseThrow().refused()).isFalse();
    }

    @Test
    void forgetsALoginThatAnotherProgramTookAwayWhileItWasRefused() throws Exception {
        bench.login("old", SOON);
        bench.server.next((request, reply) -> {
            logout();
            reply.json(400, INVALID_GRANT);
        });
        assertThat(bench.failure(bench.source.current(Client.OPEN))).hasMessageContaining("no login is stored");
    }

    private void logout() {
        try {
            bench.store.exclusively(held -> {
                held.clear();
                return true;
            });
        } catch (TokenStoreException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @Test
    void spendsNoCodeWhileAnotherHoldsTheLock() throws Exception {
        bench.store.lockedByAnother(() -> {});
        refused(finishLogin(), "another process holds the lock");
        assertThat(bench.server.requests()).isEmpty();
    }

    @Test
    void spendsNoCodeWhereTheStoreCannotBeRead() throws Exception {
        bench.store.unreadable(true);
        refused(finishLogin(), "the store is no login");
        assertThat(bench.server.requests()).isEmpty();
    }

    @Test
    void storesANewLoginAsSoonAsThatCanBe() throws Exception {
        bench.store.unwritable(true);
        refused(finishLogin(), "the store cannot be written");
        bench.store.unwritable(false);
        storesWhatItHas();
    }

    @Test
    void tellsOfAFaultOfTheStoreOnce() throws Exception {
        bench.store.faulty(true);
        try (var log = LogCapture.start()) {
            bench.tick();
            bench.tick();
            bench.tick();
            assertThat(log.lines("dev.warder.oauth", Level.SEVERE)).hasSize(1);
        }
        bench.store.faulty(false);
        var token = bench.login("mended", Duration.ofHours(1));
        assertThat(bench.value()).isEqualTo(token.accessToken());
    }

    @Test
    void letsNobodyWaitForARenewalThatHangsInItsStore() throws Exception {
        var old = bench.login("old", Duration.ofMinutes(4));
        bench.tick();
        var hangs = new CountDownLatch(1);
        bench.store.lockedByAnother(() -> await(hangs));
        bench.value();
        bench.time.pass(Duration.ofSeconds(61));
        assertThat(bench.value()).isEqualTo(old.accessToken());
        bench.time.pass(Duration.ofSeconds(160));
        var answered = bench.source.current(Client.OPEN).toCompletableFuture();
        assertThat(answered).isDone();
        assertThat(bench.value(answered)).isEqualTo(old.accessToken());
        hangs.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    private CompletionStage<CredentialControl.Status> finishLogin() throws Exception {
        var url = bench.control.beginLogin().url();
        return bench.control.finishLogin(
                bench.server.code(parameter(url.getQuery(), "code_challenge")), parameter(url.getQuery(), "state"));
    }

    private static String parameter(String query, String name) {
        for (var pair : query.split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        throw new AssertionError("no " + name);
    }

    @Test
    void sendsTheBrowserWithPkceAndState() throws Exception {
        var url = bench.control.beginLogin().url();
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
                .isNotEqualTo(query(bench.control.beginLogin().url()).getOrDefault("state", ""));
        assertThat(query.getOrDefault("code_challenge", "")).hasSize(43);
    }

    @Test
    void countsAStateOnce() throws Exception {
        var query = query(bench.control.beginLogin().url());
        String code = bench.server.code(query.getOrDefault("code_challenge", ""));
        LoginBench.done(bench.control.finishLogin(code, query.getOrDefault("state", "")));
        refused(bench.control.finishLogin(code, query.getOrDefault("state", "")), "begin again");
        refused(bench.control.finishLogin(code, "made up"), "begin again");
        assertThat(bench.server.requests()).hasSize(1);
    }

    @Test
    void forgetsALoginAfterTenMinutes() throws Exception {
        var state = query(bench.control.beginLogin().url()).getOrDefault("state", "");
        bench.time.pass(Duration.ofMinutes(10));
        refused(bench.control.finishLogin("code", state), "ten minutes");
        assertThat(bench.server.requests()).isEmpty();
    }

    @Test
    void keepsAHundredLoginsAtMost() throws Exception {
        var first = query(bench.control.beginLogin().url()).getOrDefault("state", "");
        var second = query(bench.control.beginLogin().url()).getOrDefault("state", "");
        for (int more = 0; more < 99; more++) {
            bench.control.beginLogin();
        }
        refused(bench.control.finishLogin("code", first), "begin again");
        refused(bench.control.finishLogin("code", second), "invalid_grant");
    }

    @Test
    void saysWhyTheEndpointRefusedTheCode() throws Exception {
        var state = query(bench.control.beginLogin().url()).getOrDefault("state", "");
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
        assertThat(bench.failure(bench.source.current(Client.OPEN)).isTerminal())
                .isTrue();
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

    private static Map<String, String> query(URI url) {
        return Stream.of(url.getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static void refused(CompletionStage<?> stage, String why) {
        assertThatThrownBy(() -> LoginBench.done(stage))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ControlException.class)
                .hasMessageContaining(why);
    }
}
