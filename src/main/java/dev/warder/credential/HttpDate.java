package dev.warder.credential;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A date in one of the three forms that a recipient has to accept (RFC 9110, section 5.6.7). */
final class HttpDate {
    private static final List<DateTimeFormatter> FORMS = List.of(
            form("EEE, dd MMM yyyy HH:mm:ss 'GMT'"),
            form("EEEE, dd-MMM-yy HH:mm:ss 'GMT'"),
            form("EEE MMM ppd HH:mm:ss yyyy"));

    private HttpDate() {}

    static Optional<Instant> parse(String text) {
        return FORMS.stream().flatMap(form -> parse(text, form).stream()).findFirst();
    }

    private static Optional<Instant> parse(String text, DateTimeFormatter form) {
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
