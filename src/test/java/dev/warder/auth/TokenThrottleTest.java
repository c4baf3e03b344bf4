package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.TokenThrottle.Verdict;
import dev.warder.config.Secret;
import dev.warder.testkit.LogCapture;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class TokenThrottleTest {
    private static final String TEXT = "operator".repeat(4);
    private static final Secret TOKEN = Secret.of(TEXT);
    private static final Secret SHORT = Secret.of(TEXT.substring(1));

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final TokenThrottle throttle = new TokenThrottle(nanos::get, "admin.token");

    @Test
    void delaysOnlyWhatComesAfterFiveWrongTokens() {
        for (int i = 0; i < 5; i++) {
            assertThat(isDue(wrong(TOKEN))).isTrue();
        }
        var sixth = wrong(TOKEN);
        assertThat(isDue(sixth)).isFalse();
        pass(Duration.ofMillis(1999));
        assertThat(isDue(sixth)).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(isDue(sixth)).isTrue();
    }

    @Test
    void delaysAtMost256WrongTokensAtATimeAndNeverTheRightOne() {
        exhaust(TOKEN);
        for (int i = 0; i < 256; i++) {
            assertThat(check(TOKEN, "wrong")).isInstanceOf(Verdict.Wrong.class);
        }
        for (int i = 0; i < 5000; i++) {
            assertThat(check(TOKEN, "wrong")).isInstanceOf(Verdict.TooMany.class);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(check(TOKEN, TEXT)).isInstanceOf(Verdict.Right.class);
        }
        pass(Duration.ofSeconds(2));
        assertThat(isDue(wrong(TOKEN))).isFalse();
    }

    @Test
    void letsTheRightTokenInWithoutDelay() {
        exhaust(TOKEN);
        for (int i = 0; i < 1000; i++) {
            assertThat(check(TOKEN, TEXT)).isInstanceOf(Verdict.Right.class);
        }
        assertThat(isDue(wrong(TOKEN))).isFalse();
    }

    @Test
    void forgetsOneFailureAMinute() {
        exhaust(TOKEN);
        pass(Duration.ofSeconds(59));
        assertThat(isDue(wrong(TOKEN))).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(isDue(wrong(TOKEN))).isTrue();
        assertThat(isDue(wrong(TOKEN))).isFalse();
        pass(Duration.ofMinutes(2));
        assertThat(isDue(wrong(TOKEN))).isTrue();
        assertThat(isDue(wrong(TOKEN))).isTrue();
        assertThat(isDue(wrong(TOKEN))).isFalse();
    }

    @Test
    void comparesAShortTokenFiveTimesASecond() {
        exhaust(SHORT);
        for (int second = 0; second < 3; second++) {
            pass(Duration.ofSeconds(1));
            for (int i = 0; i < 5; i++) {
                assertThat(isDue(wrong(SHORT))).isTrue();
            }
            for (int i = 0; i < 100; i++) {
                assertThat(check(SHORT, "wrong")).isInstanceOf(Verdict.TooMany.class);
                assertThat(check(SHORT, SHORT.reveal())).isInstanceOf(Verdict.TooMany.class);
            }
        }
    }

    /** The short one is compared less often, and the long one beside it is always known. */
    @Test
    void aShortTokenSlowsNoLongOne() {
        exhaust(SHORT);
        for (int i = 0; i < 100; i++) {
            assertThat(throttle.check(List.of(TOKEN, SHORT), TEXT, "192.0.2.1")).isInstanceOf(Verdict.Right.class);
            throttle.check(List.of(TOKEN, SHORT), "wrong", "192.0.2.1");
        }
        assertThat(throttle.check(List.of(TOKEN, SHORT), SHORT.reveal(), "192.0.2.1"))
                .isInstanceOf(Verdict.TooMany.class);
    }

    @Test
    void comparesASharedTokenUntilTooManyWrongOnesCame() {
        for (int i = 0; i < 20; i++) {
            assertThat(throttle.comparesShared(SHORT)).isTrue();
            throttle.addWrong();
        }
        assertThat(throttle.comparesShared(SHORT)).isFalse();
        assertThat(throttle.comparesShared(TOKEN)).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(throttle.comparesShared(SHORT)).isTrue();
    }

    private boolean recognizes(Secret token, String presented) {
        return throttle.recognizes(token, presented, "192.0.2.7");
    }

    @Test
    void warnsOfGuessesAtHealth() {
        String outdated = AccessToken.generate(new SecureRandom()).reveal();
        try (var log = LogCapture.start()) {
            for (int i = 0; i < 5; i++) {
                assertThat(log.lines("dev.warder.auth", Level.INFO)).isEmpty();
                assertThat(recognizes(SHORT, "wrong")).isFalse();
                assertThat(recognizes(SHORT, outdated)).isFalse();
                assertThat(recognizes(TOKEN, "wrong")).isFalse();
            }
            for (int i = 0; i < 1_000; i++) {
                assertThat(recognizes(SHORT, "wrong")).isFalse();
            }
            var lines = log.lines("dev.warder.auth", Level.INFO);
            assertThat(lines).hasSize(1);
            assertThat(lines.get(0).text())
                    .startsWith("admin.token: 5 wrong tokens were presented")
                    .contains("192.0.2.7");
        }
    }

    @Test
    void recognizesAShortTokenForHealthFiveTimesASecond() {
        for (int i = 0; i < 4; i++) {
            assertThat(recognizes(SHORT, "wrong")).isFalse();
        }
        assertThat(recognizes(SHORT, SHORT.reveal())).isTrue();
        assertThat(recognizes(SHORT, SHORT.reveal())).isFalse();
        assertThat(recognizes(TOKEN, TEXT)).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(recognizes(SHORT, SHORT.reveal())).isTrue();
        assertThat(isDue(wrong(TOKEN))).isTrue();
    }

    @Test
    void warnsOnceAMinute() {
        try (var log = LogCapture.start().plant(TEXT)) {
            for (int minute = 0; minute < 3; minute++) {
                for (int i = 0; i < 1000; i++) {
                    check(TOKEN, "wrong");
                }
                pass(Duration.ofMinutes(1));
            }
            assertThat(log.lines(TokenThrottle.class.getName(), Level.WARNING))
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line.text()).contains("admin.token", "192.0.2.1"));
            assertThat(log.leaks()).isEmpty();
        }
    }

    @Test
    void releasesEveryoneWhenItIsClosed() {
        exhaust(TOKEN);
        var delayed = wrong(TOKEN);
        throttle.close();
        assertThat(isDue(delayed)).isTrue();
        assertThat(isDue(wrong(TOKEN))).isTrue();
    }

    private void exhaust(Secret token) {
        for (int i = 0; i < 5; i++) {
            wrong(token);
        }
    }

    private CompletionStage<Void> wrong(Secret token) {
        return ((Verdict.Wrong) check(token, "wrong")).due();
    }

    private Verdict check(Secret token, String presented) {
        return throttle.check(List.of(token), presented, "192.0.2.1");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        throttle.tick();
    }

    private static boolean isDue(CompletionStage<Void> due) {
        return due.toCompletableFuture().isDone();
    }
}
