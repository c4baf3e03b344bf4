package dev.warder.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadlinesTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(1),
            Optional.of(Duration.ofSeconds(1)),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    /** Rule "Silence of a translated stream". */
    @ParameterizedTest
    @CsvSource({"15, 120", "1, 8", "60, 120", "0, 120"})
    void anEventIsDueAfterEightComments(int keepAlive, int seconds) {
        long due = Duration.ofSeconds(seconds).toNanos();
        var deadlines = new Deadlines(TIMEOUTS, Duration.ofSeconds(keepAlive), now -> now, 7);
        assertThat(deadlines.eventDue(7 + due)).isFalse();
        assertThat(deadlines.eventDue(8 + due)).isTrue();
        deadlines.sent(8 + due);
        assertThat(deadlines.eventDue(8 + due)).as("after a comment").isTrue();
        deadlines.eventSent(8 + due);
        assertThat(deadlines.eventDue(8 + 2 * due)).isFalse();
        assertThat(deadlines.eventDue(9 + 2 * due)).isTrue();
    }

    /** Only the silence that the client observes goes on. */
    @Test
    void nobodyIsLateWhileTheProgramIsStopped() {
        var paused = new AtomicLong();
        var deadlines = new Deadlines(TIMEOUTS, Duration.ofSeconds(1), now -> now - paused.get(), 0);
        paused.set(Duration.ofHours(1).toNanos());
        for (long limit = SECOND + paused.get(), now = limit; now <= limit + 1; now++) {
            boolean late = now > limit;
            assertThat(deadlines.firstByteOverdue(now)).isEqualTo(late);
            assertThat(deadlines.upstreamIdle(now)).isEqualTo(late);
            assertThat(deadlines.upstreamSilent(now, Duration.ofSeconds(1))).isEqualTo(late);
            assertThat(deadlines.clientStalled(now)).isEqualTo(late);
            assertThat(deadlines.commentDue(now)).isTrue();
            assertThat(deadlines.eventDue(now)).isTrue();
        }
        deadlines.upstreamMoved(paused.get() + 2 * SECOND);
        assertThat(deadlines.upstreamIdle(paused.get() + 3 * SECOND)).isFalse();
        assertThat(deadlines.upstreamIdle(paused.get() + 3 * SECOND + 1)).isTrue();
    }
}
