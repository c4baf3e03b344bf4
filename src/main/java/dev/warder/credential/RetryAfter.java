package dev.warder.credential;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The value of a {@code Retry-After} field (RFC 9110, section 10.2.3). */
public final class RetryAfter {
    private RetryAfter() {}

    /**
     * How long to wait.
     *
     * @param now when the response came
     * @return negative for a date in the past; empty where the value is neither a number of seconds nor a date
     */
    public static Optional<Duration> parse(String value, Instant now) {
        return seconds(value).or(() -> HttpDate.parse(value).map(date -> Duration.between(now, date)));
    }

    /** A number of seconds, limited to a few thousand years so that a date can be computed from it. */
    static Optional<Duration> seconds(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(text.length() > 11 ? 99_999_999_999L : Long.parseLong(text)));
    }
}
