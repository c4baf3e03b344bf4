package dev.warder.oauth;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the members of a stored login. A member that is null counts as missing; no message shows a value. */
record LoginMembers(JsonObject members) {
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
    /** No exponents: expanding a large one would use all memory. */
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(\\.\\d{1,9})?");

    private static final BigDecimal LEAST_MILLIS = new BigDecimal("1e11");
    private static final List<String> WHOSE = List.of("account", "organization", "subscriptionType");
    private static final List<String> NAMES = List.of("email_address", "email", "name", "uuid", "id");

    Optional<String> token(String name) throws TokenStoreException {
        var value = members.getOrDefault(name, JsonValue.NULL);
        if (value == JsonValue.NULL) {
            return Optional.empty();
        }
        var text = text(value);
        if (text.filter(token -> TOKEN.matcher(token).matches()).isEmpty()) {
            throw new TokenStoreException("has a member " + name + " that is no token");
        }
        return text;
    }

    /** A time in seconds since 1970, or milliseconds from 10^11 on; a missing time is long past. */
    Instant time(String name) throws TokenStoreException {
        if (isMissing(name)) {
            return Instant.EPOCH;
        }
        var number = number(name);
        var millis = isMillis(number) ? number : number.movePointRight(3);
        return Instant.ofEpochMilli(millis.longValue());
    }

    /** Whether a time exists, and is in milliseconds. */
    boolean isInMillis(String name) throws TokenStoreException {
        return !isMissing(name) && isMillis(number(name));
    }

    Optional<Duration> seconds(String name) throws TokenStoreException {
        return isMissing(name)
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(number(name)
                        .movePointRight(3)
                        .min(BigDecimal.valueOf(Long.MAX_VALUE))
                        .longValue()));
    }

    /** Scopes as an array, or as one text separated by blanks (RFC 6749, section 3.3). */
    List<String> scopes() {
        for (var name : List.of("scopes", "scope")) {
            var value = members.get(name);
            if (value instanceof JsonArray array) {
                return array.stream().flatMap(item -> text(item).stream()).toList();
            }
            if (value instanceof JsonString text) {
                return List.of(text.getString().split(" ")).stream()
                        .filter(scope -> !scope.isEmpty())
                        .toList();
            }
        }
        return List.of();
    }

    Optional<String> account() {
        return WHOSE.stream()
                .map(members::get)
                .flatMap(value -> named(value).stream())
                .findFirst();
    }

    private static Optional<String> named(JsonValue value) {
        if (value instanceof JsonObject object) {
            return NAMES.stream()
                    .map(object::get)
                    .flatMap(name -> text(name).stream())
                    .findFirst();
        }
        return text(value);
    }

    private boolean isMissing(String name) {
        return members.getOrDefault(name, JsonValue.NULL) == JsonValue.NULL;
    }

    private BigDecimal number(String name) throws TokenStoreException {
        if (members.get(name) instanceof JsonNumber number
                && NUMBER.matcher(number.toString()).matches()) {
            return number.bigDecimalValue();
        }
        throw new TokenStoreException("has a member " + name + " that is no time");
    }

    private static boolean isMillis(BigDecimal number) {
        return number.compareTo(LEAST_MILLIS) >= 0;
    }

    private static Optional<String> text(JsonValue value) {
        return value instanceof JsonString text && !text.getString().isEmpty()
                ? Optional.of(text.getString())
                : Optional.empty();
    }
}
