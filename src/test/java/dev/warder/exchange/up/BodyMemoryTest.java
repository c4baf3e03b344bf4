package dev.warder.exchange.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.MemoryBudget;
import dev.warder.body.MemoryBudget.MemoryShare;
import dev.warder.body.SegmentPool;
import dev.warder.exchange.up.Upload.BodyStorage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The time that a body waits for memory, and the pace that a client has to keep. */
class BodyMemoryTest {
    private static final int MIB = 1 << 20;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long TICK = Duration.ofMillis(250).toNanos();
    private static final long TICKS_A_SECOND = 4;

    /** One body has all of it, and one exceeds it. */
    private final MemoryBudget budget = new MemoryBudget(4 * MIB);

    private long seconds;
    private final BodyMemory first = body("a", 100 * MIB);
    private final BodyMemory second = body("b", 100 * MIB);
    private final ClientPace pace = new ClientPace(Duration.ofSeconds(20), 0);
    private long now;
    private long total;

    @Test
    void waitsOnWhileABodyBeforeItMoves() {
        fill();
        var waiting = waiting("c", 100 * MIB);
        for (int minute = 1; minute <= 10; minute++) {
            pass(30);
            first.moved(10 * 1024);
            pass(30);
            assertThat(waiting.isOverdue(now(), MINUTE))
                    .as("after %d minutes", minute)
                    .isFalse();
        }
        pass(60);
        assertThat(waiting.isOverdue(now(), MINUTE)).isTrue();
    }

    @Test
    void waitsElevenMinutesAtMost() {
        fill();
        var waiting = waiting("c", 100 * MIB);
        while (seconds < 660) {
            pass(10);
            second.moved(MIB);
            assertThat(waiting.isOverdue(now(), MINUTE)).as("at %d s", seconds).isFalse();
        }
        pass(1);
        assertThat(waiting.isOverdue(now(), MINUTE)).isTrue();
        assertThat(waiting.isOverdue(now(), Duration.ofMinutes(20))).isFalse();
    }

    @Test
    void waitsNoLongerForABodyThatCrawls() {
        fill();
        var waiting = waiting("c", 100 * MIB);
        while (seconds < 60) {
            pass(1);
            first.moved(900);
            assertThat(waiting.isOverdue(now(), MINUTE)).isFalse();
        }
        pass(1);
        assertThat(waiting.isOverdue(now(), MINUTE)).isTrue();
    }

    /** Small bodies go on beside large ones, and would make them wait for ever. */
    @Test
    void waitsNoLongerForABodyThatCameLater() {
        fill();
        var waiting = waiting("c", 100 * MIB);
        pass(1);
        var small = new BodyMemory(storage(), budget.claim(MemoryShare.UNLIMITED, 1), 100, 1, fault -> {});
        assertThat(small.covers(0, () -> {})).isTrue();
        pass(59);
        small.moved(MIB);
        assertThat(waiting.isOverdue(now(), MINUTE)).isFalse();
        pass(1);
        assertThat(waiting.isOverdue(now(), MINUTE)).isTrue();
    }

    @Test
    void waitsForItsShareOnlyWhileABodyOfItsClientMoves() {
        var own = body("c", MIB);
        assertThat(own.charge(MIB, () -> {})).isTrue();
        assertThat(first.charge(MIB, () -> {})).isTrue();
        var waiting = waiting("c", MIB);
        assertThat(waiting.waitsForShare()).isTrue();
        pass(50);
        own.moved(MIB);
        pass(50);
        first.moved(MIB);
        assertThat(waiting.isOverdue(now(), MINUTE)).isFalse();
        pass(11);
        assertThat(waiting.isOverdue(now(), MINUTE)).isTrue();
        own.release();
        assertThat(waiting.isOverdue(now(), MINUTE)).isFalse();
    }

    private void fill() {
        assertThat(first.charge(3 * MIB, () -> {})).isTrue();
        assertThat(second.charge(3 * MIB, () -> {})).isTrue();
    }

    private BodyMemory waiting(String client, long share) {
        var body = body(client, share);
        assertThat(body.charge(MIB, () -> {})).isFalse();
        assertThat(body.isOverdue(now(), MINUTE)).isFalse();
        return body;
    }

    private BodyMemory body(String client, long share) {
        var claim = budget.claim(new MemoryShare(client, share), -1);
        return new BodyMemory(storage(), claim, 32 * MIB, 1, fault -> {});
    }

    private BodyStorage storage() {
        return new BodyStorage(
                32 * MIB,
                Duration.ofMinutes(1),
                budget,
                new SegmentPool(0),
                client -> MemoryShare.UNLIMITED,
                this::now);
    }

    private void pass(long more) {
        seconds += more;
    }

    private long now() {
        return Duration.ofSeconds(seconds).toNanos();
    }

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
