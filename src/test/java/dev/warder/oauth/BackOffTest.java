package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private final SettableTime time = new SettableTime();

    @Test
    void doublesUpToFiveMinutes() {
        var backOff = new BackOff(time::nanoTime, () -> 0, BackOff.LONGEST);
        assertThat(Stream.generate(() -> backOff.failed(Optional.empty()).toSeconds())
                        .limit(11))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L);
    }

    @Test
    void leavesOutUpToAHalfAtRandom() {
        var backOff = new BackOff(time::nanoTime, () -> -1, BackOff.LONGEST);
        assertThat(backOff.failed(Optional.empty())).isBetween(Duration.ofMillis(500), Duration.ofMillis(501));
    }

    @Test
    void isDueAfterThePauseAndAtOnceAfterASuccess() {
        var backOff = new BackOff(time::nanoTime, () -> 0, BackOff.LONGEST);
        assertThat(backOff.due()).isTrue();
        backOff.failed(Optional.of(Duration.ofHours(1)));
        time.pass(Duration.ofSeconds(299));
        assertThat(backOff.due()).isFalse();
        time.pass(Duration.ofSeconds(1));
        assertThat(backOff.due()).isTrue();
        backOff.failed(Optional.empty());
        backOff.succeeded();
        assertThat(backOff.due()).isTrue();
    }
}
