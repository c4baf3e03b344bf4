package dev.warder.admin.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.admin.session.TokenThrottle.Verdict;
import dev.warder.config.Secret;
import dev.warder.testkit.LogCapture;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class TokenThrottleTest {
    private static final String TEXT = "operator".repeat(4);
    private static final Secret TOKEN = Secret.of(TEXT);
    private static final Secret SHORT = Secret.of(TEXT.substring(1));

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final TokenThrottle throttle = new TokenThrottle(nanos::get);

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
    void comparesAtMost256DelayedTokensAtATime() {
        exhaust(TOKEN);
        for (int i = 0; i < 256; i++) {
            assertThat(check(TOKEN, "wrong")).isInstanceOf(Verdict.Wrong.class);
        }
        for (int i = 0; i < 5000; i++) {
            assertThat(check(TOKEN, "wrong")).isInstanceOf(Verdict.Uncompared.class);
        }
        assertThat(check(TOKEN, TEXT)).isInstanceOf(Verdict.Uncompared.class);
        pass(Duration.ofSeconds(2));
        assertThat(check(TOKEN, TEXT)).isInstanceOf(Verdict.Right.class);
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
                assertThat(check(SHORT, "wrong")).isInstanceOf(Verdict.Uncompared.class);
                assertThat(check(SHORT, SHORT.reveal())).isInstanceOf(Verdict.Uncompared.class);
            }
        }
    }

    @Test
    void recognizesTheTokenForHealthFiveTimesASecond() {
        for (int i = 0; i < 4; i++) {
            assertThat(throttle.recognizes(TOKEN, "wrong")).isFalse();
        }
        assertThat(throttle.recognizes(TOKEN, TEXT)).isTrue();
        assertThat(throttle.recognizes(TOKEN, TEXT)).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(throttle.recognizes(TOKEN, TEXT)).isTrue();
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
        return throttle.check(token, presented, "192.0.2.1");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        throttle.tick();
    }

    private static boolean isDue(CompletionStage<Void> due) {
        return due.toCompletableFuture().isDone();
    }
}
