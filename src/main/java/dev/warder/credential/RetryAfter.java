package dev.warder.credential;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The value of a {@code Retry-After} field (RFC 9110, section 10.2.3). */
public final class RetryAfter {
    /** The three forms of a date that a recipient has to accept (RFC 9110, section 5.6.7). */
    private static final List<DateTimeFormatter> FORMS = List.of(
            form("EEE, dd MMM yyyy HH:mm:ss 'GMT'"),
            form("EEEE, dd-MMM-yy HH:mm:ss 'GMT'"),
            form("EEE MMM ppd HH:mm:ss yyyy"));

    private RetryAfter() {}

    /**
     * How long to wait.
     *
     * @param now when the response came
     * @return negative for a date in the past; empty where the value is neither a number of seconds nor a date
     */
    public static Optional<Duration> parse(String value, Instant now) {
        return seconds(value).or(() -> FORMS.stream()
                .flatMap(form -> date(value, form).stream())
                .findFirst()
                .map(date -> Duration.between(now, date)));
    }

    /** A number of seconds, limited to a few thousand years so that a date can be computed from it. */
    static Optional<Duration> seconds(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(text.length() > 11 ? 99_999_999_999L : Long.parseLong(text)));
    }

    private static Optional<Instant> date(String text, DateTimeFormatter form) {
        try {
            return Optional.of(LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException other) {
            return Optional.empty();
        }
    }

    private static DateTimeFormatter form(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US);
    }
}
