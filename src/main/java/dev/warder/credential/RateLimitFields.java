package dev.warder.credential;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The time until a credential may be used again, from the header fields of a response. An unreadable field is ignored.
 *
 * @param field the value of a field, by its name in any case
 * @param now when the response came
 */
record RateLimitFields(Function<String, Optional<String>> field, Instant now) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(10);

    /** The reset of a weekly limit may be days away; after an hour one request checks whether the limit still applies. */
    private static final Duration LONGEST_RESET = Duration.ofHours(1);

    private static final String PREFIX = "anthropic-ratelimit-";
    private static final List<String> COUNTED = List.of("requests", "tokens", "input-tokens", "output-tokens");

    /** {@code retry-after}, in seconds or as a date (RFC 9110, section 10.2.3): 1 s to 10 min. */
    Optional<Duration> retryAfter() {
        return value("retry-after")
                .flatMap(text -> RetryAfter.parse(text, now))
                .map(time -> within(time, LONGEST_RETRY_AFTER));
    }

    /**
     * The time until the last reset of the counts that have nothing remaining: 1 s to 1 h. Empty when all counts have
     * something remaining.
     */
    Optional<Duration> untilReset() {
        return COUNTED.stream()
                .filter(counted -> value(PREFIX + counted + "-remaining")
                        .filter("0"::equals)
                        .isPresent())
                .flatMap(counted -> value(PREFIX + counted + "-reset").flatMap(RateLimitFields::instant).stream())
                .max(Comparator.naturalOrder())
                .flatMap(this::until);
    }

    /**
     * The time until the subscription of an OAuth token is granted more, when the upstream rejects it: 1 s to 1 h. Use
     * it for a 429 only: for a rejected subscription the upstream may still serve requests that its owner pays for on
     * top.
     */
    Optional<Duration> untilAllowed() {
        return Optional.of(PREFIX + "unified-reset")
                .filter(name -> isRejected())
                .flatMap(this::value)
                .flatMap(RetryAfter::seconds)
                .map(Instant.EPOCH::plus)
                .flatMap(this::until);
    }

    /** Whether the upstream rejects the subscription of an OAuth token, for every model. */
    boolean isRejected() {
        return value(PREFIX + "unified-status")
                .filter("rejected"::equalsIgnoreCase)
                .isPresent();
    }

    /** Whether the upstream reports that a retry does not help, as it does when a spend limit is reached. */
    boolean isFinal() {
        return value("x-should-retry").filter("false"::equalsIgnoreCase).isPresent();
    }

    private Optional<String> value(String name) {
        return field.apply(name).map(String::strip);
    }

    private Optional<Duration> until(Instant reset) {
        return Stream.of(reset)
                .filter(now::isBefore)
                .map(future -> within(Duration.between(now, future), LONGEST_RESET))
                .findFirst();
    }

    private static Duration within(Duration time, Duration longest) {
        if (time.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return time.compareTo(longest) > 0 ? longest : time;
    }

    private static Optional<Instant> instant(String rfc3339) {
        try {
            return Optional.of(Instant.parse(rfc3339));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }
}
