package dev.warder.exchange.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientPaceTest {
    private static final long TICK = Duration.ofMillis(250).toNanos();
    private static final long TICKS_A_SECOND = 4;

    private final ClientPace pace = new ClientPace(Duration.ofSeconds(20), 0);
    private long now;
    private long total;

    @Test
    void endsAClientThatSendsNothingWhileItIsAsked() {
        assertThat(secondsUntilTooSlow(60, true, 0)).isEqualTo(20);
    }

    @Test
    void countsNoTimeInWhichNothingIsAsked() {
        assertThat(secondsUntilTooSlow(1000, false, 0)).isEqualTo(-1);
    }

    @Test
    void excusesSilenceAsLongAsTheGatewayPaused() {
        assertThat(secondsUntilTooSlow(60, false, 0)).isEqualTo(-1);
        assertThat(secondsUntilTooSlow(1, true, 1 << 20)).isEqualTo(-1);
        assertThat(secondsUntilTooSlow(200, true, 0)).isBetween(78L, 80L);
    }

    @Test
    void excusesEachPauseOnce() {
        assertThat(secondsUntilTooSlow(10, false, 0)).isEqualTo(-1);
        assertThat(secondsUntilTooSlow(15, true, 0)).isEqualTo(-1);
        assertThat(secondsUntilTooSlow(10, false, 0)).isEqualTo(-1);
        assertThat(secondsUntilTooSlow(60, true, 0)).isBetween(24L, 25L);
    }

    @Test
    void excusesNoMoreThanTheLongestIntervalOfTcp() {
        assertThat(secondsUntilTooSlow(3600, false, 0)).isEqualTo(-1);
        assertThat(secondsUntilTooSlow(300, true, 0)).isBetween(138L, 140L);
    }

    @Test
    void endsATrickleAfterTwentySecondsOfAsking() {
        assertThat(secondsUntilTooSlow(60, true, 1)).isEqualTo(20);
    }

    @Test
    void blamesNoClientForAPauseOfTheProcess() {
        assertThat(secondsUntilTooSlow(10, true, 2000)).isEqualTo(-1);
        now += Duration.ofMinutes(5).toNanos();
        assertThat(secondsUntilTooSlow(10, true, 2000)).isEqualTo(-1);
    }

    @Test
    void endsAClientThatBecomesSlow() {
        assertThat(secondsUntilTooSlow(100, true, 1 << 20)).isEqualTo(-1);
        assertThat(secondsUntilTooSlow(60, true, 1)).isBetween(9L, 11L);
    }

    @Test
    void leavesAClientAloneThatSendsTenKibibytesInTenSeconds() {
        assertThat(secondsUntilTooSlow(3600, true, 1200)).isEqualTo(-1);
    }

    /** Whole seconds of {@code limit} until the client is too slow; -1 when it never is. */
    private long secondsUntilTooSlow(long limit, boolean asks, long bytesASecond) {
        for (long tick = 0; tick < limit * TICKS_A_SECOND; tick++) {
            now += TICK;
            if (tick % TICKS_A_SECOND == 0) {
                total += bytesASecond;
            }
            if (pace.isTooSlow(now, asks, total)) {
                return tick / TICKS_A_SECOND;
            }
        }
        return -1;
    }
}
