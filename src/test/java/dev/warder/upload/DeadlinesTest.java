package dev.warder.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadlinesTest {
    private static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(1),
            Optional.empty(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    /** Rule "Silence of a translated stream". */
    @ParameterizedTest
    @CsvSource({"15, 120", "1, 8", "60, 120", "0, 120"})
    void anEventIsDueAfterEightComments(int keepAlive, int seconds) {
        long due = Duration.ofSeconds(seconds).toNanos();
        var deadlines = new Deadlines(TIMEOUTS, Duration.ofSeconds(keepAlive), 7);
        assertThat(deadlines.eventDue(7 + due)).isFalse();
        assertThat(deadlines.eventDue(8 + due)).isTrue();
        deadlines.sent(8 + due);
        assertThat(deadlines.eventDue(8 + due)).as("after a comment").isTrue();
        deadlines.eventSent(8 + due);
        assertThat(deadlines.eventDue(8 + 2 * due)).isFalse();
        assertThat(deadlines.eventDue(9 + 2 * due)).isTrue();
    }
}
