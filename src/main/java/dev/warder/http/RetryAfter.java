package dev.warder.http;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How long a response asks its recipient to wait. Immutable.
 *
 * @param millis the field {@code retry-after-ms}, which the SDKs of the API prefer
 * @param field the field {@code Retry-After} (RFC 9110, section 10.2.3); some senders write fractions of a second
 */
public record RetryAfter(Optional<String> millis, Optional<String> field) {
    public static final RetryAfter NONE = new RetryAfter(Optional.empty(), Optional.empty());

    /** The three forms of a date that a recipient has to accept (RFC 9110, section 5.6.7). */
    private static final List<DateTimeFormatter> FORMS = List.of(
            form("EEE, dd MMM yyyy HH:mm:ss 'GMT'"),
            form("EEEE, dd-MMM-yy HH:mm:ss 'GMT'"),
            form("EEE MMM ppd HH:mm:ss yyyy"));

    private static final Pattern NUMBER = Pattern.compile("([0-9]+)(?:\\.([0-9]{1,9})[0-9]*)?");

    /** @param field the value of a field, by its name in any case */
    public static RetryAfter of(Function<String, Optional<String>> field) {
        return new RetryAfter(
                field.apply("retry-after-ms").map(String::strip),
                field.apply("retry-after").map(String::strip));
    }

    /**
     * How long to wait.
     *
     * @param now when the response came
     * @return negative for a date in the past; empty where no field has a number or a date
     */
    public Optional<Duration> from(Instant now) {
        return millis.flatMap(RetryAfter::seconds)
                .map(thousandth -> thousandth.dividedBy(1000))
                .or(() -> field.flatMap(value -> seconds(value).or(() -> FORMS.stream()
                        .flatMap(form -> date(value, form).stream())
                        .findFirst()
                        .map(date -> Duration.between(now, date)))));
    }

    /** A number of seconds, limited to a few thousand years so that a date can be computed from it. */
    public static Optional<Duration> seconds(String text) {
        var number = NUMBER.matcher(text);
        if (!number.matches()) {
            return Optional.empty();
        }
        String whole = number.group(1);
        String fraction = Objects.requireNonNullElse(number.group(2), "0") + "00000000";
        return Optional.of(Duration.ofSeconds(
                whole.length() > 11 ? 99_999_999_999L : Long.parseLong(whole),
                Long.parseLong(fraction.substring(0, 9))));
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
