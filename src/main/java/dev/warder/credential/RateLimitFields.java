package dev.warder.credential;

import dev.warder.credential.CredentialState.Quota;
import dev.warder.http.Fields;
import dev.warder.http.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
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

    private static final List<String> SHARES = List.of("5h", "7d");

    /** For each of {@link #COUNTED}. */
    private static final List<String> REMAINING_COUNTS =
            COUNTED.stream().map(RateLimitFields::remaining).toList();

    private static final List<String> REMAINING = Stream.concat(
                    REMAINING_COUNTS.stream(), SHARES.stream().map(RateLimitFields::utilization))
            .toList();

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}");
    private static final Pattern SHARE = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,18})?");

    /** The time of {@link RetryAfter}: 1 s to 10 min. */
    Optional<Duration> retryAfter() {
        return RetryAfter.of(field).from(now).map(time -> within(time, LONGEST_RETRY_AFTER));
    }

    /**
     * The time until the last reset of the counts that have nothing remaining: 1 s to 1 h. Empty when all counts have
     * something remaining.
     */
    Optional<Duration> untilReset() {
        Optional<Instant> last = Optional.empty();
        for (int i = 0; i < COUNTED.size(); i++) {
            if (value(REMAINING_COUNTS.get(i)).filter("0"::equals).isPresent()) {
                var reset = value(PREFIX + COUNTED.get(i) + "-reset").flatMap(Fields::instant);
                last = last.isEmpty() || reset.isPresent() && reset.get().isAfter(last.get()) ? reset : last;
            }
        }
        return last.flatMap(this::until);
    }

    /**
     * The time until the subscription of an OAuth token is granted more, when the upstream rejects it: 1 s to 1 h. Use
     * it for a 429 only: for a rejected subscription the upstream may still serve requests that its owner pays for on
     * top.
     */
    Optional<Duration> untilAllowed() {
        return isRejected() ? epoch(PREFIX + "unified-reset").flatMap(this::until) : Optional.empty();
    }

    boolean isRejected() {
        return value(PREFIX + "unified-status")
                .filter("rejected"::equalsIgnoreCase)
                .isPresent();
    }

    boolean reportQuota() {
        for (String name : REMAINING) {
            if (field.apply(name).filter(RateLimitFields::beginsNumber).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static boolean beginsNumber(String value) {
        return !value.isEmpty() && value.charAt(0) >= '0' && value.charAt(0) <= '9';
    }

    Optional<Quota> quota() {
        var parts = Stream.concat(
                        COUNTED.stream().flatMap(counted -> counted(counted).stream()),
                        SHARES.stream().flatMap(share -> share(share).stream()))
                .toList();
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Quota(now, parts));
    }

    private Optional<Quota.Part> counted(String name) {
        return number(remaining(name)).map(remaining -> {
            var limit = number(PREFIX + name + "-limit");
            String text = limit.map(most -> remaining + " of " + most).orElse(remaining);
            return new Quota.Part(name, text, value(PREFIX + name + "-reset").flatMap(Fields::instant));
        });
    }

    /** A window of a subscription: the upstream reports how much of it is used, from 0 to 1. */
    private Optional<Quota.Part> share(String name) {
        return value(utilization(name))
                .filter(text -> SHARE.matcher(text).matches())
                .map(text -> Math.max(0, Math.round(100 - 100 * Double.parseDouble(text))))
                .map(percent -> new Quota.Part(name, percent + " %", epoch(PREFIX + "unified-" + name + "-reset")));
    }

    private static String remaining(String counted) {
        return PREFIX + counted + "-remaining";
    }

    private static String utilization(String share) {
        return PREFIX + "unified-" + share + "-utilization";
    }

    private Optional<String> number(String name) {
        return value(name).filter(text -> NUMBER.matcher(text).matches());
    }

    boolean isFinal() {
        return value("x-should-retry").filter("false"::equalsIgnoreCase).isPresent();
    }

    /** A time in seconds since 1970. */
    private Optional<Instant> epoch(String name) {
        return value(name).flatMap(RetryAfter::seconds).map(Instant.EPOCH::plus);
    }

    private Optional<String> value(String name) {
        return field.apply(name).map(String::strip);
    }

    private Optional<Duration> until(Instant reset) {
        return now.isBefore(reset)
                ? Optional.of(within(Duration.between(now, reset), LONGEST_RESET))
                : Optional.empty();
    }

    private static Duration within(Duration time, Duration longest) {
        if (time.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return time.compareTo(longest) > 0 ? longest : time;
    }
}
