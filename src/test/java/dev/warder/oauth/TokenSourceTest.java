package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.credential.UpstreamCredential;
import dev.warder.testkit.LogCapture;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenSourceTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration SHORT_LIFE = Duration.ofMinutes(10);

    private final LoginBench bench;

    TokenSourceTest() throws IOException {
        bench = new LoginBench();
    }

    @AfterEach
    void end() throws IOException {
        bench.close();
    }

    @Test
    void leavesATokenAloneThatHasMoreThanFiveMinutesLeft() throws Exception {
        var token = bench.login("fresh", Duration.ofSeconds(301));
        assertThat(bench.value()).isEqualTo(token.accessToken());
        assertThat(bench.value()).isEqualTo(token.accessToken());
        bench.settle();
        assertThat(bench.server.requests()).isEmpty();
    }

    @Test
    void renewsInTheBackgroundFromFiveMinutesOn() throws Exception {
        var token = bench.login("older", Duration.ofSeconds(301));
        bench.value();
        bench.time.pass(Duration.ofSeconds(2));
        var answer = new CountDownLatch(1);
        bench.server.stall(answer);
        assertThat(atOnce(bench.source.current(Client.OPEN))).isEqualTo(token.accessToken());
        assertThat(atOnce(bench.source.current(Client.OPEN))).isEqualTo(token.accessToken());
        answer.countDown();
        bench.settle();
        assertThat(atOnce(bench.source.current(Client.OPEN))).isNotEqualTo(token.accessToken());
        assertThat(bench.server.refreshes().value()).isOne();
    }

    @Test
    void renewsShortLivedTokensAtAThirdAndATenthOfTheirLife() throws Exception {
        var token = bench.login("short", Duration.ofSeconds(201), Optional.of(SHORT_LIFE));
        assertThat(bench.value()).isEqualTo(token.accessToken());
        bench.settle();
        assertThat(bench.server.requests()).isEmpty();
        bench.time.pass(Duration.ofSeconds(2));
        var answer = new CountDownLatch(1);
        bench.server.stall(answer);
        assertThat(atOnce(bench.source.current(Client.OPEN))).isEqualTo(token.accessToken());
        bench.time.pass(Duration.ofSeconds(140));
        var waits = bench.source.current(Client.OPEN);
        assertThat(waits.toCompletableFuture()).isNotDone();
        answer.countDown();
        assertThat(bench.value(waits)).isNotEqualTo(token.accessToken());
        assertThat(bench.server.refreshes().value()).isOne();
    }

    @Test
    void keepsTheRefreshTokenWhereTheAnswerBringsNone() throws Exception {
        var old = bench.login("old", SOON);
        bench.server.withoutRotation();
        bench.value();
        assertThat(bench.store.stored().orElseThrow().token().refreshToken()).isEqualTo(old.refreshToken());
    }

    @Test
    void usesTheOldTokenWhileItLivesWhenTheEndpointFails() throws Exception {
        var old = bench.login("old", SOON);
        bench.server.next((request, reply) -> reply.json(503, "{}"));
        assertThat(bench.value()).isEqualTo(old.accessToken());
        assertThat(atOnce(bench.source.current(Client.OPEN))).isEqualTo(old.accessToken());
        assertThat(bench.source.outOfUse()).isEmpty();
        bench.time.pass(Duration.ofSeconds(21));
        assertThat(bench.server.knows(bench.value())).isTrue();
        assertThat(bench.server.requests()).hasSize(2);
    }

    @Test
    void leavesTheEndpointAloneAsLongAsItAsks() throws Exception {
        bench.login("old", SOON);
        bench.server.next((request, reply) -> reply.field("Retry-After", "120").json(429, "{}"));
        bench.value();
        bench.time.pass(Duration.ofSeconds(119));
        var why = bench.failure(bench.source.current(Client.OPEN));
        assertThat(why.isTerminal()).isFalse();
        assertThat(why).hasMessageContaining("429");
        assertThat(bench.server.requests()).hasSize(1);
        bench.time.pass(Duration.ofSeconds(1));
        bench.value();
        assertThat(bench.server.requests()).hasSize(2);
    }

    @Test
    void asksNoMoreAfterInvalidGrantUntilSomebodyLoggedIn() throws Exception {
        var old = bench.login("old", SOON);
        bench.server.revoke(old.refreshToken().orElseThrow());
        try (var log = LogCapture.start()) {
            assertThat(bench.value()).isEqualTo(old.accessToken());
            bench.time.pass(Duration.ofHours(2));
            for (int turn = 0; turn < 5; turn++) {
                bench.tick();
                assertThat(bench.failure(bench.source.current(Client.OPEN)).isTerminal())
                        .isTrue();
            }
            assertThat(bench.source.outOfUse())
                    .contains("The login of credential team was refused (invalid_grant); log in again.");
            assertThat(log.lines("dev.warder.oauth", Level.SEVERE))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).contains("auth login team", "/admin/credentials"));
        }
        assertThat(bench.server.requests()).hasSize(1);
        assertThat(bench.store.stored().orElseThrow().refused()).isTrue();
        bench.login("again", SOON);
        try (var log = LogCapture.start()) {
            bench.tick();
            bench.tick();
            assertThat(log.lines("dev.warder.oauth", Level.INFO))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).contains("Credential team: a new login was stored"));
        }
        assertThat(bench.source.outOfUse()).isEmpty();
        assertThat(bench.server.knows(bench.value())).isTrue();
    }

    @Test
    void asksNoMoreAlsoWhenTheRefusalCannotBeStored() throws Exception {
        var old = bench.login("old", SOON);
        bench.server.revoke(old.refreshToken().orElseThrow());
        bench.store.unwritable(true);
        bench.value();
        bench.time.pass(Duration.ofHours(1));
        bench.tick();
        assertThat(bench.failure(bench.source.current(Client.OPEN)).isTerminal())
                .isTrue();
        assertThat(bench.server.requests()).hasSize(1);
    }

    @Test
    void asksNoMoreWhenTheClientIsRefused() throws Exception {
        bench.login("old", SOON);
        bench.server.next((request, reply) -> reply.json(401, "{\"error\":\"invalid_client\"}"));
        bench.value();
        bench.time.pass(Duration.ofHours(1));
        bench.tick();
        assertThat(bench.failure(bench.source.current(Client.OPEN))).hasMessageContaining("invalid_client");
        assertThat(bench.server.requests()).hasSize(1);
        assertThat(bench.store.stored().orElseThrow().refused()).isFalse();
    }

    @Test
    void refreshesOnceForAllWhoWereRefusedWithTheSameToken() throws Exception {
        var old = bench.login("old", Duration.ofHours(1));
        bench.value();
        var answer = new CountDownLatch(1);
        bench.server.stall(answer);
        var callers = IntStream.range(0, 20)
                .parallel()
                .mapToObj(caller -> bench.source.inPlaceOf(new UpstreamCredential.BearerToken(old.accessToken(), true)))
                .toList();
        answer.countDown();
        for (var caller : callers) {
            assertThat(bench.server.knows(bench.value(caller))).isTrue();
        }
        assertThat(bench.server.refreshes().value()).isOne();
    }

    @Test
    void givesNobodyBackTheTokenThatTheUpstreamRefused() throws Exception {
        var old = bench.login("old", Duration.ofHours(1));
        bench.value();
        bench.server.next((request, reply) -> reply.reset());
        var why = bench.failure(bench.source.inPlaceOf(new UpstreamCredential.BearerToken(old.accessToken(), true)));
        assertThat(why.isTerminal()).isFalse();
        assertThat(atOnce(bench.source.current(Client.OPEN))).isEqualTo(old.accessToken());
    }

    @Test
    void renewsNoTokenForARefusalThatIsAsYoungAsThat() throws Exception {
        var old = bench.login("old", Duration.ofHours(1));
        bench.value();
        String second = bench.inPlaceOf(old.accessToken());
        bench.failure(bench.source.inPlaceOf(new UpstreamCredential.BearerToken(second, true)));
        assertThat(bench.server.requests()).hasSize(1);
        bench.time.pass(Duration.ofSeconds(10));
        assertThat(bench.inPlaceOf(second)).isNotEqualTo(second);
        assertThat(bench.server.requests()).hasSize(2);
    }

    @Test
    void usesWhatAnotherProcessStoredInPlaceOfARefusedToken() throws Exception {
        var old = bench.login("old", Duration.ofHours(1));
        bench.value();
        var other = bench.login("other", Duration.ofHours(1));
        assertThat(bench.inPlaceOf(old.accessToken())).isEqualTo(other.accessToken());
        assertThat(bench.server.requests()).isEmpty();
    }

    @Test
    void usesTheTokenOfWhoHeldTheLock() throws Exception {
        bench.login("old", SOON);
        bench.store.lockedByAnother(() -> bench.login("other", Duration.ofHours(1)));
        assertThat(bench.value()).isEqualTo(LoginBench.access("other"));
        assertThat(bench.server.requests()).isEmpty();
    }

    @Test
    void failsForNowWhenWhoHoldsTheLockBringsNothing() throws Exception {
        bench.login("old", Duration.ofSeconds(-1));
        bench.store.lockedByAnother(() -> {});
        var why = bench.failure(bench.source.current(Client.OPEN));
        assertThat(why.isTerminal()).isFalse();
        assertThat(why).hasMessage("another process holds the lock");
    }

    @Test
    void usesANewTokenOnlyOnceItIsStoredAndLosesNone() throws Exception {
        var old = bench.login("old", SOON);
        bench.store.unwritable(true);
        assertThat(bench.value()).isEqualTo(old.accessToken());
        bench.time.pass(Duration.ofSeconds(10));
        bench.tick();
        assertThat(atOnce(bench.source.current(Client.OPEN))).isEqualTo(old.accessToken());
        bench.store.unwritable(false);
        bench.time.pass(Duration.ofSeconds(9));
        bench.tick();
        assertThat(bench.server.knows(atOnce(bench.source.current(Client.OPEN))))
                .isTrue();
        assertThat(bench.server.requests()).hasSize(1);
        assertThat(bench.server.knows(bench.store.stored().orElseThrow().token().accessToken()))
                .isTrue();
    }

    @Test
    void goesOnWithAStoreThatCannotBeRead() throws Exception {
        bench.store.unreadable(true);
        try (var log = LogCapture.start()) {
            bench.tick();
            bench.tick();
            assertThat(log.lines("dev.warder.oauth", Level.WARNING)).hasSize(1);
        }
        var why = bench.failure(bench.source.current(Client.OPEN));
        assertThat(why.isTerminal()).isFalse();
        assertThat(why).hasMessage("the store is no login");
        bench.store.unreadable(false);
        var token = bench.login("mended", Duration.ofHours(1));
        bench.tick();
        assertThat(bench.value()).isEqualTo(token.accessToken());
    }

    @Test
    void letsNobodyWaitLongerThanTenSeconds() throws Exception {
        bench.login("old", Duration.ofSeconds(15));
        bench.tick();
        var answer = new CountDownLatch(1);
        bench.server.stall(answer);
        var waits = bench.source.current(Client.OPEN);
        bench.time.pass(Duration.ofMillis(9_999));
        bench.source.tick();
        assertThat(waits.toCompletableFuture()).isNotDone();
        bench.time.pass(Duration.ofMillis(1));
        bench.source.tick();
        assertThat(atOnce(waits)).isEqualTo(LoginBench.access("old"));
        answer.countDown();
    }

    @Test
    void endsWithinASecondWhileTheEndpointHangs() throws Exception {
        bench.login("old", Duration.ofSeconds(-1));
        var never = new CountDownLatch(1);
        bench.server.stall(never);
        var waits = bench.source.current(Client.OPEN);
        long begin = System.nanoTime();
        bench.server.awaitRequest();
        bench.source.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
        assertThat(bench.failure(waits).isTerminal()).isFalse();
        assertThat(bench.failure(bench.source.current(Client.OPEN)).isTerminal())
                .isFalse();
        never.countDown();
    }

    @Test
    void putsATokenOutOfUseThatUpstreamAndEndpointRefuse() throws Exception {
        var old = bench.login("old", Duration.ofHours(1));
        bench.value();
        bench.server.revoke(old.refreshToken().orElseThrow());
        assertThat(bench.failure(bench.source.inPlaceOf(new UpstreamCredential.BearerToken(old.accessToken(), true)))
                        .isTerminal())
                .isTrue();
        assertThat(bench.failure(bench.source.current(Client.OPEN)).isTerminal())
                .isTrue();
        assertThat(bench.source.outOfUse()).isPresent();
    }

    @Test
    void forgetsAnUnstoredTokenWhenSomebodyLoggedInMeanwhile() throws Exception {
        bench.login("old", SOON);
        bench.store.unwritable(true);
        bench.value();
        bench.store.unwritable(false);
        var other = bench.login("other", Duration.ofHours(1));
        bench.time.pass(Duration.ofSeconds(2));
        bench.tick();
        assertThat(bench.value()).isEqualTo(other.accessToken());
        assertThat(bench.store.stored().orElseThrow().token()).isEqualTo(other);
    }

    private String atOnce(CompletionStage<UpstreamCredential> stage) throws Exception {
        assertThat(stage.toCompletableFuture()).isDone();
        return bench.value(stage);
    }
}
