package dev.warder.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:49:30Z");

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "120, 120",
        "'Sun, 22 Nov 2026 08:49:37 GMT', 7",
        "'Sunday, 22-Nov-26 08:49:37 GMT', 7",
        "'Sun Nov 22 08:49:37 2026', 7",
        "'Sun, 22 Nov 2026 08:49:00 GMT', -30"
    })
    void readsSecondsAndDates(String value, long seconds) {
        assertThat(RetryAfter.parse(value, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void aNumberThatIsTooLargeIsALongTime() {
        var wait = RetryAfter.parse("9".repeat(40), NOW).orElseThrow();
        assertThat(wait).isGreaterThan(Duration.ofDays(365));
        assertThat(NOW.plus(wait)).isAfter(NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1", "1.5", "soon", "1 s", "Sun, 22 Nov 2026"})
    void readsNothingElse(String value) {
        assertThat(RetryAfter.parse(value, NOW)).isEmpty();
    }
}
